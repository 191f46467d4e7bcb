#pragma once
// The hub's side of rules of classes that agents keep on their own hosts: gives each agent what changed,
// takes in how far it is, and passes on what people ask of its device.

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/hub_link/class_protocol.hpp"
#include "adapters/hub_link/furthest_given.hpp"
#include "enforce/rule_keeping.hpp"
#include "model/rule_class.hpp"
#include "runtime/http/message.hpp"

namespace garita::hub_link {

/// The topic that an agent's request about rules is parked on.
[[nodiscard]] std::string rules_topic(std::string_view device);

class ClassDesk final : public enforce::RuleKeeping {
  public:
    struct World {
        store::DeviceRules& rules;
        std::function<Time()> clock;
        /// Wakes what is parked on a topic. Any thread.
        std::function<void(const std::string& topic)> wake;
        FurthestGiven& given;
    };
    explicit ClassDesk(World world) : world_(std::move(world)), started_(world_.clock()) {}

    /// An agent that keeps rules of these classes, by its name. Before anything is asked.
    void add(const std::string& device, const std::vector<RuleClass>& classes);

    /// An authenticated agent's request, again each time it is woken. `source` names the hub's store.
    [[nodiscard]] Result<runtime::http::Answer> serve(const std::string& device, const std::string& source,
                                                      const runtime::http::Request& request);

    [[nodiscard]] std::vector<enforce::DeviceStatus> status() const override;
    [[nodiscard]] Classes audit(const std::string& device, const std::string& rules) override;
    [[nodiscard]] Classes rebuild(const std::string& device, const std::string& rules) override;
    [[nodiscard]] bool keeps(const std::string& device) const { return devices_.contains(device); }

  private:
    struct Kept {
        std::string shape;
        std::optional<ClassReport> reported;
        store::LanePositions recorded;  ///< in the store, by this desk
        std::string trouble;            ///< of agreeing on the class
        std::optional<Time> troubled_since;
    };
    struct Asked {
        ClassOrder order;
        std::promise<Classes> answer;
    };
    struct Device {
        std::string name;
        std::unique_ptr<store::ClassBook> book;
        std::map<std::string, Kept, std::less<>> classes;
        std::optional<Time> heard;
        Time expected_by{};  ///< when it is heard again, if all is well
        std::vector<std::unique_ptr<Asked>> asked;
    };

    void take_answers(Device& device, const RulesRequest& request, RulesAnswer& answer);
    [[nodiscard]] Result<void> record(Device& device, const std::string& source, const RulesRequest& request);
    [[nodiscard]] Result<void> record_one(Device& device, Kept& kept, const ClassReport& report);
    [[nodiscard]] Result<bool> look(Device& device, const std::string& source, const RulesRequest& request,
                                    RulesAnswer& answer);
    [[nodiscard]] Classes ask(const std::string& device, ClassOrder::Request request,
                              const std::string& rules);
    static std::string trouble_of(const Device& device, const Kept& kept, Time now);
    [[nodiscard]] enforce::ClassStatus status_of(const Device& device, const Kept& kept, Time now) const;

    const World world_;
    const Time started_;
    mutable std::mutex mutex_;  ///< over what is in the devices; the list itself stays as it is
    std::map<std::string, std::unique_ptr<Device>, std::less<>> devices_;
};

}  // namespace garita::hub_link
