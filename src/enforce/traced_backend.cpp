#include "enforce/traced_backend.hpp"

#include <type_traits>

namespace garita::enforce {

using What = BackendCall::What;

template <typename Value>
Result<Value> TracedBackend::tell(BackendCall call, Time began, Result<Value> result) {
    call.took = clock_() - began;
    if (!result) call.error = &result.error();
    if constexpr (std::is_same_v<Value, std::vector<ChangeFailure>>)
        if (result) call.failures = *result;
    sink_(call);
    return result;
}

Result<void> TracedBackend::prepare() {
    const Time began = clock_();
    return tell({What::prepare}, began, backend_->prepare());
}

Result<std::vector<ChangeFailure>> TracedBackend::apply(std::span<const ClassChange> changes) {
    const Time began = clock_();
    return tell({What::apply, changes}, began, backend_->apply(changes));
}

Result<void> TracedBackend::read_back(const EntrySink& entry) {
    const Time began = clock_();
    BackendCall call{What::read};
    auto read = backend_->read_back([&](const RuleKey& key, const RuleValue& value) {
        ++call.entries;
        entry(key, value);
    });
    return tell(call, began, std::move(read));
}

Result<void> TracedBackend::read_part(std::size_t part, const EntrySink& entry) {
    const Time began = clock_();
    BackendCall call{What::read};
    auto read = backend_->read_part(part, [&](const RuleKey& key, const RuleValue& value) {
        ++call.entries;
        entry(key, value);
    });
    return tell(call, began, std::move(read));
}

Result<std::vector<ChangeFailure>> TracedBackend::rebuild(const EntrySource& all, std::size_t count) {
    const Time began = clock_();
    return tell({What::rebuild, {}, count}, began, backend_->rebuild(all, count));
}

Result<Drift> TracedBackend::check(std::size_t count) {
    const Time began = clock_();
    return tell({What::check, {}, count}, began, backend_->check(count));
}

Result<void> TracedBackend::remove_all() {
    const Time began = clock_();
    return tell({What::remove_all}, began, backend_->remove_all());
}

}  // namespace garita::enforce
