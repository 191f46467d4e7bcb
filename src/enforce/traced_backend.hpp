#pragma once
// A backend that tells what is sent to it and what came of it: for logs of their own, and for who watches.

#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "enforce/class_backend.hpp"
#include "model/time.hpp"

namespace garita::enforce {

/// One call of a backend that has ended; borrows everything.
struct BackendCall {
    enum class What : std::uint8_t { prepare, apply, read, rebuild, check, remove_all } what = What::apply;
    std::span<const ClassChange> changes{};     ///< of apply
    std::size_t entries = 0;                    ///< read, or of a rebuild
    std::span<const ChangeFailure> failures{};  ///< of apply and rebuild
    const Error* error = nullptr;               ///< of the whole call
    Duration took{0};
};

class TracedBackend final : public ClassBackend {
  public:
    using Sink = std::function<void(const BackendCall&)>;
    using Clock = std::function<Time()>;
    TracedBackend(std::unique_ptr<ClassBackend> backend, Sink sink, Clock clock)
        : backend_(std::move(backend)), sink_(std::move(sink)), clock_(std::move(clock)) {}

    Result<void> prepare() override;
    Result<std::vector<ChangeFailure>> apply(std::span<const ClassChange> changes) override;
    Result<void> read_back(const EntrySink& entry) override;
    [[nodiscard]] std::size_t parts() const override { return backend_->parts(); }
    [[nodiscard]] std::size_t part_of(const RuleKey& key) const override { return backend_->part_of(key); }
    Result<void> read_part(std::size_t part, const EntrySink& entry) override;
    Result<std::vector<ChangeFailure>> rebuild(const EntrySource& all, std::size_t count) override;
    Result<Drift> check(std::size_t count) override;
    Result<void> remove_all() override;
    [[nodiscard]] std::size_t batch_size() const override { return backend_->batch_size(); }

  private:
    template <typename Value>
    Result<Value> tell(BackendCall call, Time began, Result<Value> result);

    std::unique_ptr<ClassBackend> backend_;
    Sink sink_;
    Clock clock_;
};

}  // namespace garita::enforce
