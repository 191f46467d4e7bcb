#pragma once
// Which MAC addresses are waited for, told to the receiver as soon as it changes.

#include <functional>
#include <optional>

#include "adapters/syslog/waiting.hpp"
#include "model/worker.hpp"
#include "store/access_book.hpp"

namespace garita::programs {

/// Woken by Topic::access.
class WaitingList final : public Worker {
  public:
    using Tell = std::function<void(const syslog::MacSet&)>;
    WaitingList(store::Store& store, store::AccessBook& book, Tell tell)
        : store_(store), book_(book), tell_(std::move(tell)) {}

    [[nodiscard]] std::string_view name() const override { return "access waiting list"; }
    Result<Duration> step(Time now) override;

  private:
    store::Store& store_;
    store::AccessBook& book_;
    Tell tell_;
    std::optional<syslog::MacSet> told_;
};

}  // namespace garita::programs
