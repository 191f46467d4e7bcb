#pragma once
// Ends requests whose time is over: the device did not appear, or the code did not come back.

#include "access/request_closer.hpp"
#include "model/worker.hpp"
#include "store/access_book.hpp"

namespace garita::access {

/// Woken by Topic::access.
class Deadlines final : public Worker {
  public:
    Deadlines(store::Store& store, store::AccessBook& book, const Correspondence& letters)
        : store_(store), book_(book), closer_(book, letters) {}

    [[nodiscard]] std::string_view name() const override { return "access deadlines"; }
    Result<Duration> step(Time now) override;
    /// Each change of a request wakes it, and it reads all that are open.
    [[nodiscard]] Duration rest() const override { return std::chrono::seconds{1}; }

  private:
    store::Store& store_;
    store::AccessBook& book_;
    RequestCloser closer_;
};

}  // namespace garita::access
