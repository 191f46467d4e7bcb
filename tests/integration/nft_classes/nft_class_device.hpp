#pragma once
// A class in a real kernel, in a network namespace of its own.

#include <memory>
#include <stdexcept>
#include <string>

#include "adapters/nft_classes/nft_class_backend.hpp"
#include "contract/class_backend/class_backend_contract.hpp"
#include "model/rule_class.hpp"
#include "support/net_namespace.hpp"
#include "support/packed.hpp"

namespace garita::contract {

inline nft_classes::NftClass access_class(nft_classes::Effect effect = nft_classes::Effect::open) {
    nft_classes::NftClass rules;
    rules.name = "inet_access";
    rules.effect = effect;
    rules.present = testing_support::word_of(effect == nft_classes::Effect::open ? "open" : "closed");
    return rules;
}

class NftClassDevice final : public ClassDevice {
  public:
    static std::unique_ptr<NftClassDevice> make(
        nft_classes::NftClass rules,
        nft_classes::NftTable::Destroy destroy = nft_classes::NftTable::Destroy::understood) {
        auto space = testing_support::NetNamespace::make();
        if (!space) return nullptr;
        std::unique_ptr<NftClassDevice> device(new NftClassDevice(std::move(rules)));
        device->space_ = std::move(space);
        device->space_->run([&] {
            auto table = nft_classes::NftTable::open();
            if (!table) throw std::runtime_error(table.error().text);
            if (destroy == nft_classes::NftTable::Destroy::unknown) (*table)->unlearn_destroy();
            device->backend_ = std::make_unique<nft_classes::NftClassBackend>(*table, device->rules_);
        });
        return device;
    }

    enforce::ClassBackend& backend() override { return *backend_; }
    RuleKey key(unsigned number) override { return typed_.read_params(text_of(rules_.key, number)).value(); }
    RuleValue value(unsigned number) override {
        const auto held = rules_.held();
        return held ? typed_.read_value(text_of(*held, number)).value() : rules_.present;
    }
    [[nodiscard]] unsigned values() const override { return rules_.is_map() ? 5 : 1; }
    std::optional<RuleKey> refused_key() override {
        RuleKey key;
        const std::array<std::uint8_t, 3> bytes{9, 9, 9};
        (void)key.append(bytes);
        return key;
    }
    bool foreign_add(const RuleKey& key, const RuleValue& value) override {
        return with_element("add", key, value);
    }
    bool foreign_erase(const RuleKey& key) override {
        if (rules_.effect == nft_classes::Effect::bind) return erase_pair(key);
        return with_element("delete", key, std::nullopt);
    }
    bool foreign_drop_structure() override { return shell("nft delete table inet garita_rules"); }

    [[nodiscard]] bool shell(const std::string& command) const { return space_->shell(command); }
    [[nodiscard]] const testing_support::NetNamespace& space() const { return *space_; }

  private:
    explicit NftClassDevice(nft_classes::NftClass rules)
        : rules_(std::move(rules)),
          typed_("any", {spec("key", rules_.key)}, spec("value", rules_.held().value_or(ParamType::text))) {}

    static ParamSpec spec(std::string name, ParamType type) {
        ParamSpec made;
        made.name = std::move(name);
        made.type = type;
        return made;
    }

    /// Both families, and several lengths of networks, one within another.
    static std::string text_of(ParamType type, unsigned number) {
        const unsigned fifth = number / 5;
        const auto v4 = [](std::uint32_t bits) {
            return std::to_string(bits >> 24U) + '.' + std::to_string(bits >> 16U & 255U) + '.' +
                   std::to_string(bits >> 8U & 255U) + '.' + std::to_string(bits & 255U);
        };
        switch (type) {
            case ParamType::address:
                if (number % 5 != 4) return v4(0x64400000U + number);
                return "2001:db8:7::" + hex(number >> 16U) + ':' + hex(number & 0xffffU);
            case ParamType::network:
                if (number % 5 == 0) return v4(0x0a000000U + fifth);
                if (number % 5 == 1) return v4(0x0a000000U + (fifth << 8U)) + "/24";
                if (number % 5 == 2) return v4(0x0a000000U + (fifth << 12U)) + "/20";
                if (number % 5 == 3) return "2001:db8:" + hex(fifth + 1) + "::/48";
                return "2001:db8:" + hex(fifth / 16 + 1) + ":" + hex(fifth % 16 + 1) + "::/64";
            case ParamType::mac:
                return std::string("02:00:00:00:") + hex(16 + number / 200 % 200) + ':' +
                       hex(16 + number % 200);
            case ParamType::interface:
                return "veth" + std::to_string(number);
            default:
                return std::to_string(number + 1);
        }
    }
    static std::string hex(unsigned number) {
        std::array<char, 12> text{};
        (void)std::snprintf(text.data(), text.size(), "%x", number);
        return text.data();
    }
    /// As nft writes a key: networks of one length lie in a set without their prefix.
    [[nodiscard]] std::string key_text(const RuleKey& key) const {
        const auto text = typed_.params_text(key);
        return text.substr(0, text.find('/'));
    }
    /// So few entries lie in one set of each layer.
    [[nodiscard]] std::string set_of(const RuleKey& key) const {
        return nft_classes::set_name(rules_, nft_classes::element_key(rules_, key).value().layer, 0);
    }
    [[nodiscard]] std::string pairs_of(const RuleKey& key) const {
        return nft_classes::pairs_name(rules_, nft_classes::element_key(rules_, key).value().layer, 0);
    }
    [[nodiscard]] bool nft(const std::string& verb, const std::string& set,
                           const std::string& element) const {
        return shell("nft " + verb + " element inet garita_rules " + set + " '{ " + element + " }'");
    }
    [[nodiscard]] bool with_element(const std::string& verb, const RuleKey& key,
                                    const std::optional<RuleValue>& value) const {
        std::string element = key_text(key);
        if (value && rules_.is_map()) element += " : " + typed_.value_text(*value);
        if (!nft(verb, set_of(key), element)) return false;
        if (rules_.effect != nft_classes::Effect::bind || !value) return true;
        return nft(verb, pairs_of(key), key_text(key) + " . " + typed_.value_text(*value));
    }
    [[nodiscard]] bool erase_pair(const RuleKey& key) {
        for (unsigned i = 0; i < values(); ++i) {
            const std::string pair = key_text(key) + " . " + typed_.value_text(value(i));
            if (shell("nft delete element inet garita_rules " + pairs_of(key) + " '{ " + pair +
                      " }' 2>/dev/null"))
                return true;
        }
        return false;
    }

    nft_classes::NftClass rules_;
    RuleClass typed_;
    std::unique_ptr<testing_support::NetNamespace> space_;
    std::unique_ptr<nft_classes::NftClassBackend> backend_;
};

}  // namespace garita::contract
