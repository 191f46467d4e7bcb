#pragma once
// Sets of a real kernel, in a network namespace of its own; the ipset program plays the others.

#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "adapters/ipset/ipset_backend.hpp"
#include "contract/class_backend/class_backend_contract.hpp"
#include "support/net_namespace.hpp"

namespace garita::contract {

inline ParamSpec ipset_param(std::string name, ParamType type, std::vector<std::string> words = {}) {
    ParamSpec spec;
    spec.name = std::move(name);
    spec.type = type;
    spec.words = std::move(words);
    return spec;
}

class IpsetDevice final : public ClassDevice {
  public:
    enum class Keys { address, network, address_and_mac, mac };
    enum class Values { presence, marks };

    static RuleClass rules_of(Keys keys, Values values) {
        std::vector<ParamSpec> params;
        if (keys == Keys::network) params.push_back(ipset_param("net", ParamType::network));
        if (keys == Keys::address || keys == Keys::address_and_mac)
            params.push_back(ipset_param("ip", ParamType::address));
        if (keys == Keys::mac || keys == Keys::address_and_mac)
            params.push_back(ipset_param("mac", ParamType::mac));
        if (values == Values::marks) return {"vip", params, ipset_param("value", ParamType::mark)};
        return {"vip", params, ipset_param("value", ParamType::word, {"open", "closed"}), "closed"};
    }

    static std::unique_ptr<IpsetDevice> make(Keys keys, Values values, std::uint32_t capacity = 1'000'000) {
        if (!std::filesystem::exists("/usr/sbin/ipset")) return nullptr;
        auto space = testing_support::NetNamespace::make();
        if (!space) return nullptr;
        std::unique_ptr<IpsetDevice> device(new IpsetDevice(keys, values, std::move(space)));
        // some kernels come without the sets of MAC addresses
        const std::string type = ipset::Shape::of(device->rules_).value().type_name();
        if (!device->shell("ipset create probe " + type + " 2>/dev/null && ipset destroy probe")) {
            std::printf("this kernel has no sets of type %s\n", type.c_str());
            return nullptr;
        }
        device->backend_ = device->another(capacity);
        return device;
    }

    /// A second backend for the same sets, as after a restart.
    [[nodiscard]] std::unique_ptr<ipset::IpsetBackend> another(std::uint32_t capacity) const {
        std::unique_ptr<ipset::IpsetBackend> made;
        space_->run([&] {
            auto opened = ipset::IpsetBackend::open(rules_, {"vip", capacity});
            if (!opened) throw std::runtime_error(opened.error().text);
            made = std::move(*opened);
        });
        return made;
    }

    ipset::IpsetBackend& backend() override { return *backend_; }
    RuleKey key(unsigned number) override { return rules_.read_params(key_text(number)).value(); }
    RuleValue value(unsigned number) override {
        return rules_.read_value(values_ == Values::presence ? "open" : std::to_string(number + 1)).value();
    }
    [[nodiscard]] unsigned values() const override { return values_ == Values::presence ? 1 : 5; }
    std::optional<RuleKey> refused_key() override {
        // a hash of networks has no place for the network of everything
        if (keys_ == Keys::network) return rules_.read_params("0.0.0.0/0").value();
        return std::nullopt;
    }
    bool foreign_add(const RuleKey& key, const RuleValue& value) override {
        const std::string mark = values_ == Values::marks ? " skbmark 0x" + rules_.value_text(value) : "";
        return shell("ipset -exist add " + set_for(key) + " " + element_text(key) + mark);
    }
    bool foreign_erase(const RuleKey& key) override {
        return shell("ipset del " + set_for(key) + " " + element_text(key));
    }
    bool foreign_drop_structure() override { return shell("ipset destroy"); }
    [[nodiscard]] bool sees_drift() const override { return false; }  // one more and one less are as many

    [[nodiscard]] bool shell(const std::string& command) const { return space_->shell(command); }
    [[nodiscard]] const testing_support::NetNamespace& space() const { return *space_; }
    [[nodiscard]] const RuleClass& rules() const { return rules_; }
    [[nodiscard]] std::string set_for(const RuleKey& key) const {
        if (keys_ == Keys::mac) return "vip";
        return key.bytes()[0] == 4 ? "vip-4" : "vip-6";
    }

  private:
    IpsetDevice(Keys keys, Values values, std::unique_ptr<testing_support::NetNamespace> space)
        : keys_(keys), values_(values), rules_(rules_of(keys, values)), space_(std::move(space)) {}

    [[nodiscard]] std::string element_text(const RuleKey& key) const {
        auto text = rules_.params_text(key);
        if (const auto space = text.find(' '); space != std::string::npos) text[space] = ',';
        return text;
    }
    [[nodiscard]] std::string key_text(unsigned number) const {
        const auto high = number >> 8U;
        std::array<char, 24> mac{};
        std::snprintf(mac.data(), mac.size(), "02:00:%02x:%02x:%02x:%02x", number >> 24U,
                      number >> 16U & 255U, high & 255U, number & 255U);
        if (keys_ == Keys::mac) return mac.data();
        std::string address =
            number % 2 == 1
                ? "2001:db8:" + std::to_string(number / 1000) + ":" + std::to_string(number % 1000) + "::"
                : "10." + std::to_string(1 + (number >> 16U)) + "." + std::to_string(high & 255U) + "." +
                      std::to_string(number & 255U);
        if (keys_ == Keys::network) return address + (number % 2 == 1 ? "/64" : "/32");
        return keys_ == Keys::address ? address : address + " " + mac.data();
    }

    Keys keys_;
    Values values_;
    RuleClass rules_;
    std::unique_ptr<testing_support::NetNamespace> space_;
    std::unique_ptr<ipset::IpsetBackend> backend_;
};

}  // namespace garita::contract
