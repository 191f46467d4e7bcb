#pragma once
// The agent's side of its rules of classes: asks the hub for what changed, keeps it in the agent's copy, and
// tells how far the device is.

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "adapters/hub_link/class_protocol.hpp"
#include "adapters/hub_link/hub_line.hpp"
#include "model/rule_class.hpp"
#include "model/worker.hpp"
#include "store/held_classes.hpp"

namespace garita::hub_link {

/// What the rest of the agent does with it. Called by the worker that speaks to the hub.
class ClassParticipant {
  public:
    virtual ~ClassParticipant() = default;
    /// Of the classes that are kept.
    [[nodiscard]] virtual std::vector<enforce::ClassStatus> statuses() = 0;
    /// The copy holds something new.
    virtual void rules_taken() = 0;
    /// To be answered by ClassSync::answer. Once for each id.
    virtual void ordered(const ClassOrder& order) = 0;
    /// For the log: what hub and agent do not agree on.
    virtual void disagreement(const std::string& rules, const std::string& what) = 0;
    virtual void orders_refused(const std::string& why) = 0;
};

class ClassSync : public Worker {
  public:
    struct World {
        AgentIdentity& identity;
        store::HeldClasses& copy;
        ClassParticipant& participant;
        std::function<Time()> clock;  ///< that ends of rules are of
    };
    /// `classes`: what this host keeps. What `world` refers to outlives it.
    ClassSync(const std::string& hub, const World& world, std::vector<RuleClass> classes);
    [[nodiscard]] std::string_view name() const override { return "rules sync"; }
    Result<Duration> step(Time now) override;

    /// The device has come further, or something else is to be told. Any thread.
    void progress();
    void answer(ClassOrderAnswer answer);
    /// Ends a running call for good, for shutdown. Any thread.
    void stop();

  private:
    [[nodiscard]] Result<RulesRequest> compose();
    [[nodiscard]] Result<RulesAnswer> call(const RulesRequest& request);
    [[nodiscard]] Result<void> take(const RulesRequest& request, RulesAnswer& answer);
    [[nodiscard]] Result<void> take_page(const RuleClass& rules, const ClassReport& report, ClassPage& page);
    void take_orders(const RulesAnswer& answer);
    [[nodiscard]] Result<bool> is_settled();
    void await_progress();

    World world_;
    std::vector<RuleClass> classes_;
    HubLine line_;
    bool behind_ = true;  ///< the last answer was not all: do not wait
    std::map<std::string, std::string> disagreements_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool progress_ = false;
    bool waiting_ = false;
    bool stopped_ = false;
    std::vector<ClassOrderAnswer> answers_;
    std::set<std::string> running_;
};

}  // namespace garita::hub_link
