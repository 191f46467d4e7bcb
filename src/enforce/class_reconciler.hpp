#pragma once
// Keeps all classes of rules on one device what they are wanted to be.

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "enforce/class_keeper.hpp"
#include "model/worker.hpp"

namespace garita::enforce {

/// One Worker a device. Single changes go before each batch of a bulk; a rule that the device refuses stops
/// no other; after a crash at any point the next start reads the device and goes on. A device that is away
/// is left alone for growing times; a class that alone is in trouble holds up no other, but those that come
/// after it.
class ClassReconciler final : public Worker {
  public:
    struct World {
        store::ClassBook& book;  ///< of this device; outlives the reconciler
        /// How long work took, and what a time limit is counted from; none: the step's own time.
        std::function<Time()> clock{};
        /// Called with what goes wrong with one class, from the worker's thread.
        std::function<void(const std::string& rules, const Error&)> trouble{};
    };

    /// Classes are worked off in their order, but for those that are to come `after` others.
    ClassReconciler(const World& world, std::string device, std::vector<KeptClass> classes,
                    const ClassReconcilerOptions& options = {});

    [[nodiscard]] std::string_view name() const override { return name_; }
    Result<Duration> step(Time now) override;

    /// As after the last step; any thread.
    [[nodiscard]] std::vector<ClassStatus> status() const;

    /// Asks for all to be read (`audit`) or replaced (`rebuild`), of one class or, with an empty name, of
    /// all. Any thread; the caller has to wake the worker. What came of it, with the status of these classes
    /// afterwards.
    enum class Request { audit, rebuild };
    [[nodiscard]] std::future<Result<std::vector<ClassStatus>>> ask(Request request, std::string rules = {});

  private:
    struct Slot {
        std::unique_ptr<ClassKeeper> keeper;
        std::vector<std::size_t> after;  ///< indexes of slots
        bool busy = false;               ///< not done with its bulk, or in trouble
        bool awaits_deletions = false;   ///< of a class that comes after it
        int failures = 0;
        std::optional<Time> not_before;
        std::string trouble;
        std::optional<Time> troubled_since;
        bool tried = false;  ///< its rules were looked after since the start
    };
    struct Asked {
        Request request = Request::audit;
        std::string rules;
        std::promise<Result<std::vector<ClassStatus>>> answer;
    };

    [[nodiscard]] Time moment(Time now) const { return world_.clock ? world_.clock() : now; }
    Result<Duration> work(Time now);
    Result<void> quick(Time now);
    /// What comes after others goes before them.
    Result<void> delete_dependent(store::Lane lane, Time now);
    /// Runs it for a class that may work now; what goes wrong with the class alone stays with it.
    template <typename Action>
    Result<void> with(Slot& slot, Time now, Action action);
    [[nodiscard]] bool may_work(const Slot& slot, Time now) const;
    [[nodiscard]] bool is_held(const Slot& slot) const;
    void answer(Time now);
    Result<std::vector<ClassStatus>> carry_out(const Asked& asked, Time now);
    void refuse_requests(const Error& error);
    void publish(Time now);
    [[nodiscard]] static ClassStatus status_of(Slot& slot, Time now);
    void order_by_need();

    World world_;
    std::string name_;
    ClassReconcilerOptions options_;
    BackOff back_off_;
    std::vector<Slot> slots_;
    int failures_ = 0;
    std::optional<Time> not_before_;
    std::optional<Error> away_;
    mutable std::mutex mutex_;  ///< over the two below
    std::vector<std::unique_ptr<Asked>> asked_;
    std::vector<ClassStatus> status_;
};

}  // namespace garita::enforce
