#pragma once
// A device that is another one, but for its backend.

#include <memory>
#include <utility>

#include "contract/class_backend/class_backend_contract.hpp"

namespace garita::contract {

class ForwardingDevice : public ClassDevice {
  public:
    explicit ForwardingDevice(std::unique_ptr<ClassDevice> device) : device_(std::move(device)) {}
    RuleKey key(unsigned number) override { return device_->key(number); }
    RuleValue value(unsigned number) override { return device_->value(number); }
    [[nodiscard]] unsigned values() const override { return device_->values(); }
    std::optional<RuleKey> refused_key() override { return device_->refused_key(); }
    bool foreign_add(const RuleKey& key, const RuleValue& value) override {
        return device_->foreign_add(key, value);
    }
    bool foreign_erase(const RuleKey& key) override { return device_->foreign_erase(key); }
    bool foreign_drop_structure() override { return device_->foreign_drop_structure(); }
    [[nodiscard]] bool sees_drift() const override { return device_->sees_drift(); }
    [[nodiscard]] unsigned many() const override { return device_->many(); }

  protected:
    [[nodiscard]] enforce::ClassBackend& forwarded() { return device_->backend(); }

  private:
    std::unique_ptr<ClassDevice> device_;
};

}  // namespace garita::contract
