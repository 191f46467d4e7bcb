#pragma once
// Classes of HTB in a real kernel, in a network namespace of its own.

#include <memory>
#include <stdexcept>
#include <string>

#include "adapters/tc/tc_backend.hpp"
#include "contract/class_backend/class_backend_contract.hpp"
#include "model/ready_classes.hpp"
#include "support/net_namespace.hpp"
#include "support/packed.hpp"

namespace garita::contract {

inline RuleValue rate_value(std::uint64_t bits_per_second) {
    return ready_class("shaping_in")->read_value(std::to_string(bits_per_second) + "bit").value();
}

class TcDevice final : public ClassDevice {
  public:
    static constexpr std::uint16_t classes = 2100;

    static std::unique_ptr<TcDevice> make(const std::string& rules) {
        std::unique_ptr<TcDevice> device(new TcDevice());
        device->space_ = testing_support::NetNamespace::make();
        if (!device->space_ ||
            !device->space_->shell("ip link add sub type veth peer name r && ip link set sub up"))
            return nullptr;
        const bool sends = rules == "shaping_out";
        device->space_->run([&] {
            auto made =
                tc::TcBackend::open(ready_class(rules).value(),
                                    {"sub", sends ? tc::Direction::sends : tc::Direction::receives, classes});
            if (!made) throw std::runtime_error(made.error().text);
            device->backend_ = std::move(*made);
        });
        device->sends_ = sends;
        return device;
    }

    enforce::ClassBackend& backend() override { return *backend_; }
    RuleKey key(unsigned number) override {
        // both families
        if (number % 5 != 4) return testing_support::numbered_key(number);
        return testing_support::key_of(IpAddress::from_v6(
            {0x20, 1, 0xd, 0xb8, 0, 0, static_cast<std::uint8_t>(number >> 8U),
             static_cast<std::uint8_t>(number), 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(number >> 16U),
             static_cast<std::uint8_t>(number)}));
    }
    RuleValue value(unsigned number) override { return rate_value(1'000'000 * (number + 1ULL)); }
    [[nodiscard]] unsigned values() const override { return 100; }
    std::optional<RuleKey> refused_key() override {
        RuleKey key;
        const std::array<std::uint8_t, 3> bytes{9, 9, 9};
        (void)key.append(bytes);
        return key;
    }
    /// Into the last class, which nobody has yet.
    bool foreign_add(const RuleKey& key, const RuleValue& value) override {
        if (key.size() != 5) return false;
        const auto bytes = key.bytes();
        std::string address;
        for (const unsigned byte : bytes.subspan(1))
            address += (address.empty() ? "" : ".") + std::to_string(byte);
        const auto rate = ready_class("shaping_in")->value_text(value);
        char list[8];
        std::snprintf(list, sizeof list, "%x", bytes[4]);
        return shell("tc class change dev DEV parent 6a00: classid 6a00:834 htb rate " + rate) &&
               shell("tc filter add dev DEV parent 6a00: protocol ip prio 10 u32 ht 1:" + std::string(list) +
                     ": match ip " + (sends_ ? "src " : "dst ") + address + "/32 flowid 6a00:834");
    }
    bool foreign_erase(const RuleKey& key) override {
        std::uint32_t handle = 0;
        // what the backend knows is what the kernel has: any other way would be a second parser
        space_->run([&] { handle = handle_of(key); });
        char text[32];
        std::snprintf(text, sizeof text, "1:%x:%x", (handle >> 12U) & 0xFFU, handle & 0xFFFU);
        return handle != 0 && shell("tc filter del dev DEV parent 6a00: protocol ip prio 10 handle " +
                                    std::string(text) + " u32");
    }
    bool foreign_drop_structure() override { return shell("tc qdisc del dev DEV root"); }
    [[nodiscard]] unsigned many() const override { return 2000; }

    [[nodiscard]] const testing_support::NetNamespace& space() const { return *space_; }

  private:
    TcDevice() = default;
    [[nodiscard]] std::string device() const {
        return sends_ ? "$(ip -o link | grep -o 'garita-ifb[0-9]*' | head -1)" : "sub";
    }
    [[nodiscard]] bool shell(std::string command) const {
        for (auto at = command.find("DEV"); at != std::string::npos; at = command.find("DEV"))
            command.replace(at, 3, device());
        return space_->shell(command);
    }
    [[nodiscard]] std::uint32_t handle_of(const RuleKey& key) const {
        // "fh 1:a:1 … match 6440000a/ffffffff at 16"
        const auto bytes = key.bytes();
        char hex[16];
        std::snprintf(hex, sizeof hex, "%02x%02x%02x%02x", bytes[1], bytes[2], bytes[3], bytes[4]);
        const std::string command = "tc filter show dev " + device() + " parent 6a00: | grep -B1 'match " +
                                    hex + "/ffffffff' | grep -o 'fh [0-9a-f:]*'";
        const std::unique_ptr<FILE, int (*)(FILE*)> out(::popen(command.c_str(), "r"), ::pclose);
        unsigned table = 0, list = 0, number = 0;
        if (!out || std::fscanf(out.get(), "fh %x:%x:%x", &table, &list, &number) != 3) return 0;
        return table << 20U | list << 12U | number;
    }

    std::unique_ptr<testing_support::NetNamespace> space_;
    std::unique_ptr<tc::TcBackend> backend_;
    bool sends_ = false;
};

}  // namespace garita::contract
