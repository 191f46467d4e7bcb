#pragma once
// A limiter in a real kernel, in a network namespace of its own.

#include <bpf/bpf.h>
#include <memory>
#include <stdexcept>
#include <string>

#include "adapters/limiter/limiter_backend.hpp"
#include "contract/class_backend/class_backend_contract.hpp"
#include "model/ready_classes.hpp"
#include "support/bpf_file_system.hpp"
#include "support/net_namespace.hpp"
#include "support/packed.hpp"

namespace garita::contract {

class LimiterDevice final : public ClassDevice {
  public:
    static std::unique_ptr<LimiterDevice> make(const std::string& rules) {
        std::unique_ptr<LimiterDevice> device(new LimiterDevice());
        device->files_ = testing_support::BpfFileSystem::make();
        device->space_ = testing_support::NetNamespace::make();
        if (!device->files_ || !device->space_ ||
            !device->space_->shell("ip link add sub type veth peer name r && ip link set sub up"))
            return nullptr;
        limiter::Settings settings;
        settings.name = rules;
        settings.interfaces = {"sub"};
        settings.folder = device->files_->path();
        settings.look_for = std::chrono::minutes(1);  // all of them, on the slowest machine
        if (rules == "shaping_out") settings.direction = limiter::Direction::sends;
        device->settings_ = settings;
        device->restart();
        return device;
    }

    /// As if the hub had been killed and started again.
    void restart() {
        space_->run([&] {
            auto made = limiter::LimiterBackend::open(ready_class(settings_.name).value(), settings_);
            if (!made) throw std::runtime_error(made.error().text);
            backend_ = std::move(*made);
        });
    }

    enforce::ClassBackend& backend() override { return *backend_; }
    RuleKey key(unsigned number) override {
        // both families
        if (number % 5 != 4) return testing_support::numbered_key(number);
        return testing_support::key_of(
            IpAddress::from_v6({0x20, 1, 0xd, 0xb8, 0, 0, static_cast<std::uint8_t>(number >> 8U),
                                static_cast<std::uint8_t>(number), 0, 0, 0, 0, 0, 0,
                                static_cast<std::uint8_t>(number >> 16U), 1}));
    }
    RuleValue value(unsigned number) override { return limiter::value_of(1'000'000 * (number + 1ULL)); }
    [[nodiscard]] unsigned values() const override { return 100; }
    std::optional<RuleKey> refused_key() override {
        RuleKey key;
        const std::array<std::uint8_t, 3> bytes{9, 9, 9};
        (void)key.append(bytes);
        return key;
    }
    bool foreign_add(const RuleKey& key, const RuleValue& value) override {
        const auto subscriber = limiter::subscriber_of(key).value();
        const limiter::Bucket bucket{0, limiter::rate_of(value).value()};
        return bpf_map_update_elem(map_of(subscriber).descriptor(), subscriber.data(), &bucket, BPF_ANY) == 0;
    }
    bool foreign_erase(const RuleKey& key) override {
        const auto subscriber = limiter::subscriber_of(key).value();
        return bpf_map_delete_elem(map_of(subscriber).descriptor(), subscriber.data()) == 0;
    }
    bool foreign_drop_structure() override {
        std::filesystem::remove_all(files_->path() + "/" + settings_.name);
        return space_->shell("tc qdisc del dev sub clsact");
    }

    [[nodiscard]] const testing_support::NetNamespace& space() const { return *space_; }
    [[nodiscard]] std::string folder() const { return files_->path() + "/" + settings_.name; }

  private:
    LimiterDevice() = default;
    [[nodiscard]] limiter::BpfObject map_of(const limiter::Subscriber& subscriber) const {
        return limiter::BpfObject(
            bpf_obj_get((folder() + "/shard" + std::to_string(limiter::shard_of(subscriber))).c_str()));
    }

    std::unique_ptr<testing_support::BpfFileSystem> files_;
    std::unique_ptr<testing_support::NetNamespace> space_;
    limiter::Settings settings_;
    std::unique_ptr<limiter::LimiterBackend> backend_;
};

}  // namespace garita::contract
