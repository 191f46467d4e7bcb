#pragma once
// All devices whose rules are kept, whoever keeps them: the hub itself, or an agent on the device.

#include "adapters/hub_link/class_desk.hpp"
#include "programs/hub/left_rules.hpp"
#include "programs/hub/rule_keepers.hpp"
#include "runtime/clock/clock.hpp"

namespace garita::programs {

class AllRuleKeepers final : public enforce::RuleKeeping {
  public:
    /// They outlive it; `left` is not used before the first call of forget().
    AllRuleKeepers(RuleKeepers& own, hub_link::ClassDesk& agents, LeftRules& left,
                   std::vector<runtime::DeviceConfig> devices)
        : own_(own), agents_(agents), left_(left), devices_(std::move(devices)) {
        for (const auto& device : devices_) {
            if (device.connect != runtime::DeviceConfig::Connect::agent) continue;
            std::vector<RuleClass> classes;
            for (const auto& rules : device.rules)
                classes.push_back(rules.rules);
            agents_.add(device.name, classes);
        }
    }

    [[nodiscard]] std::vector<decide::RulesHealth> health() const {
        auto all = own_.health();
        for (const auto& device : agents_.status())
            for (const auto& config : devices_)
                if (config.name == device.device)
                    for (const auto& status : device.classes)
                        all.push_back(health_of(config, status));
        return all;
    }

    [[nodiscard]] std::vector<enforce::DeviceStatus> status() const override {
        auto all = own_.status();
        for (auto& device : agents_.status())
            all.push_back(std::move(device));
        return all;
    }
    [[nodiscard]] Classes audit(const std::string& device, const std::string& rules) override {
        return of(device).audit(device, rules);
    }
    [[nodiscard]] Classes rebuild(const std::string& device, const std::string& rules) override {
        return of(device).rebuild(device, rules);
    }
    [[nodiscard]] Result<std::vector<std::string>> forget(const std::string& device, const std::string& rules,
                                                          const Actor& by) override {
        return left_.forget(device, rules, by, runtime::system_now());
    }

  private:
    [[nodiscard]] enforce::RuleKeeping& of(const std::string& device) {
        if (agents_.keeps(device)) return agents_;
        return own_;
    }
    RuleKeepers& own_;
    hub_link::ClassDesk& agents_;
    LeftRules& left_;
    const std::vector<runtime::DeviceConfig> devices_;
};

}  // namespace garita::programs
