#include "adapters/enforcer_link/class_link.hpp"

#include <algorithm>
#include <malloc.h>

namespace garita::enforcer_link {
namespace {

using enforce::ChangeFailure;
using enforce::ClassChange;

constexpr std::size_t large = 1024 * 1024;

bool fits(const RuleClass& rules, const RuleKey& key, const std::optional<RuleValue>& value) {
    return rules.unpack(key).has_value() && (!value || rules.unpack(*value).has_value());
}

Error unfit(const RuleClass& rules) {
    return {ErrorCode::invalid,
            "refused by this host: not a rule " + rules.name() + " as its own configuration has them",
            Retry::no};
}

/// Failures of what was let through, and what was not, in the order of all.
std::vector<ChangeFailure> merged(const std::vector<ChangeFailure>& failed,
                                  const std::vector<std::size_t>& refused, const RuleClass& rules) {
    std::vector<ChangeFailure> all;
    auto skipped = refused.begin();
    std::size_t shift = 0;
    for (const auto& one : failed) {
        for (; skipped != refused.end() && *skipped <= one.change + shift; ++skipped, ++shift)
            all.push_back({*skipped, unfit(rules)});
        all.push_back({one.change + shift, one.error});
    }
    for (; skipped != refused.end(); ++skipped)
        all.push_back({*skipped, unfit(rules)});
    return all;
}

template <typename Value>
std::string answer_with(const Result<Value>& done) {
    if (!done) return encode_class_error(done.error());
    if constexpr (std::is_void_v<Value>)
        return encode_class_done();
    else
        return encode_class_done(*done);
}

std::string apply(const ServedClass& served, const ClassRequest& request) {
    std::vector<ClassChange> fitting;
    std::vector<std::size_t> refused;
    for (std::size_t i = 0; i < request.changes.size(); ++i)
        if (const auto& change = request.changes[i]; fits(*served.rules, change.key, change.after))
            fitting.push_back(change);
        else
            refused.push_back(i);
    const auto failed = served.backend->apply(fitting);
    if (!failed) return encode_class_error(failed.error());
    return encode_class_done(merged(*failed, refused, *served.rules));
}

std::string rebuild(const ServedClass& served, const ClassRequest& request) {
    std::vector<std::size_t> refused;
    std::size_t place = 0;
    read_entries(request.entries, [&](const RuleKey& key, const RuleValue& value) {
        if (!fits(*served.rules, key, value)) refused.push_back(place);
        ++place;
    });
    const auto all = [&](const enforce::EntrySink& sink) {
        auto skip = refused.begin();
        std::size_t at = 0;
        read_entries(request.entries, [&](const RuleKey& key, const RuleValue& value) {
            const bool skipped = skip != refused.end() && *skip == at;
            ++at;
            if (skipped)
                ++skip;
            else
                sink(key, value);
        });
    };
    const auto failed = served.backend->rebuild(all, place - refused.size());
    if (!failed) return encode_class_error(failed.error());
    return encode_class_done(merged(*failed, refused, *served.rules));
}

std::string read(const ServedClass& served, const ClassRequest& request) {
    if (request.call == ClassCall::read_part && request.count >= served.backend->parts())
        return encode_class_error({ErrorCode::invalid, "there is no such part of these rules", Retry::later});
    EntryWriter entries;
    const auto put = [&](const RuleKey& key, const RuleValue& value) { entries.put(key, value); };
    const auto done = request.call == ClassCall::read ? served.backend->read_back(put)
                                                      : served.backend->read_part(request.count, put);
    return done ? encode_class_done(entries.take()) : encode_class_error(done.error());
}

std::string describe(std::span<const ServedClass> classes) {
    std::vector<ClassPart> parts;
    for (const auto& one : classes)
        parts.push_back({one.backend != nullptr ? one.backend->batch_size() : 1, one.trouble});
    return encode_class_done(parts);
}

template <typename Value, typename Decode>
Result<Value> decoded(const Result<std::string>& answer, Decode decode) {
    if (!answer) return tl::unexpected(answer.error());
    const auto body = decode_class_answer(*answer);
    if (!body) return tl::unexpected(body.error());
    return decode(*body);
}

Result<void> done(const Result<std::string>& answer) {
    return decoded<void>(answer, [](std::string_view) { return Result<void>{}; });
}

}  // namespace

std::string answer(std::string_view bytes, std::span<const ServedClass> classes) {
    const auto request = decode_class_request(bytes);
    if (!request) return encode_class_error(request.error());
    if (request->call == ClassCall::describe) return describe(classes);
    if (request->index >= classes.size() || classes[request->index].backend == nullptr)
        return encode_class_error(
            {ErrorCode::forbidden, "this part of the agent keeps no such rules", Retry::no});
    const auto& served = classes[request->index];
    switch (request->call) {
        case ClassCall::prepare:
            return answer_with(served.backend->prepare());
        case ClassCall::apply:
            return apply(served, *request);
        case ClassCall::parts:
            return encode_class_done(served.backend->parts());
        case ClassCall::read:
        case ClassCall::read_part:
            return read(served, *request);
        case ClassCall::rebuild:
            return rebuild(served, *request);
        case ClassCall::check:
            return answer_with(served.backend->check(request->count));
        default:
            return answer_with(served.backend->remove_all());
    }
}

Result<void> serve(Channel& channel, std::span<const ServedClass> classes) {
    for (;;) {
        std::size_t size = 0;
        {
            const auto request = channel.receive();
            if (!request) return tl::unexpected(request.error());
            if (!*request) return {};
            const auto reply = answer(**request, classes);
            size = std::max((*request)->size(), reply.size());
            if (const auto sent = channel.send(reply); !sent) return sent;
        }
        if (size > large) malloc_trim(0);
    }
}

Result<void> ClassDirectory::learn() {
    if (names_.empty()) return {};
    auto parts = decoded<std::vector<ClassPart>>(caller_.exchange(encode_class_call(ClassCall::describe, 0)),
                                                 decode_parts);
    if (!parts) return tl::unexpected(parts.error());
    if (parts->size() != names_.size())
        return fail(ErrorCode::invalid, "the parts of the agent know different classes of rules");
    parts_ = std::move(*parts);
    return {};
}

Result<enforce::ClassBackend*> ClassDirectory::backend(std::string_view rules) {
    const auto at = std::find(names_.begin(), names_.end(), rules);
    const auto index = static_cast<std::size_t>(at - names_.begin());
    if (index >= parts_.size()) return nullptr;
    const auto& part = parts_[index];
    if (!part.trouble.empty()) return fail(ErrorCode::invalid, part.trouble);
    clients_.push_back(
        std::make_unique<ClassClient>(caller_, static_cast<std::uint16_t>(index), part.batch_size));
    return clients_.back().get();
}

Result<void> ClassClient::prepare() {
    return done(caller_.exchange(encode_class_call(ClassCall::prepare, index_)));
}

Result<std::vector<ChangeFailure>> ClassClient::apply(std::span<const ClassChange> changes) {
    return decoded<std::vector<ChangeFailure>>(caller_.exchange(encode_class_apply(index_, changes)),
                                               decode_failures);
}

std::size_t ClassClient::parts() const {
    const auto told =
        decoded<std::size_t>(caller_.exchange(encode_class_call(ClassCall::parts, index_)), decode_number);
    if (told && *told > 0) parts_ = *told;
    return parts_;
}

Result<void> ClassClient::read_back(const enforce::EntrySink& entry) {
    return read(encode_class_call(ClassCall::read, index_), entry);
}

Result<void> ClassClient::read_part(std::size_t part, const enforce::EntrySink& entry) {
    return read(encode_class_read_part(index_, part), entry);
}

Result<void> ClassClient::read(const std::string& request, const enforce::EntrySink& entry) {
    return decoded<void>(caller_.exchange(request), [&](std::string_view entries) -> Result<void> {
        if (read_entries(entries, entry)) return {};
        return fail(ErrorCode::invalid, "malformed entries from the other part of the agent");
    });
}

Result<std::vector<ChangeFailure>> ClassClient::rebuild(const enforce::EntrySource& all, std::size_t count) {
    return decoded<std::vector<ChangeFailure>>(caller_.exchange(encode_class_rebuild(index_, all, count)),
                                               decode_failures);
}

Result<enforce::Drift> ClassClient::check(std::size_t count) {
    return decoded<enforce::Drift>(caller_.exchange(encode_class_check(index_, count)), decode_drift);
}

Result<void> ClassClient::remove_all() {
    return done(caller_.exchange(encode_class_call(ClassCall::remove_all, index_)));
}

}  // namespace garita::enforcer_link
