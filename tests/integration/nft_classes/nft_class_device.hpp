#pragma once
// A class in a real kernel, in a network namespace of its own.

#include <memory>
#include <stdexcept>
#include <string>

#include "adapters/nft_classes/nft_class_backend.hpp"
#include "contract/class_backend/class_backend_contract.hpp"
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
    RuleKey key(unsigned number) override {
        // both families
        if (number % 5 != 4) return testing_support::numbered_key(number);
        return testing_support::key_of(IpAddress::from_v6(
            {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(number >> 16U),
             static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)}));
    }
    RuleValue value(unsigned number) override {
        if (rules_.effect == nft_classes::Effect::mark) return testing_support::mark_of(number + 1);
        if (rules_.effect != nft_classes::Effect::bind) return rules_.present;
        RuleValue mac;
        const std::array<std::uint8_t, 6> bytes{2, 0, 0, 0, 7, static_cast<std::uint8_t>(number)};
        (void)mac.append(bytes);
        return mac;
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
    explicit NftClassDevice(nft_classes::NftClass rules) : rules_(std::move(rules)) {}

    static IpAddress address_of(const RuleKey& key) {
        const auto found = nft_classes::address_key(key).value();
        return found.family == IpFamily::v4
                   ? IpAddress::from_v4({found.bytes[0], found.bytes[1], found.bytes[2], found.bytes[3]})
                   : IpAddress::from_v6(found.bytes);
    }
    static std::string mac_text(const RuleValue& value) {
        std::string text;
        for (const unsigned byte : value.bytes()) {
            constexpr const char* digits = "0123456789abcdef";
            if (!text.empty()) text += ':';
            text += {digits[byte / 16], digits[byte % 16]};
        }
        return text;
    }
    [[nodiscard]] bool with_element(const std::string& verb, const RuleKey& key,
                                    const std::optional<RuleValue>& value) const {
        const auto address = address_of(key);
        const bool pairs = rules_.effect == nft_classes::Effect::bind;
        // so few entries lie in one set of each family
        std::string set = rules_.name + (address.is_v4() ? ".4" : ".6") + (pairs ? "p.00" : ".00");
        std::string element = address.text();
        if (pairs && value) element += " . " + mac_text(*value);
        if (rules_.effect == nft_classes::Effect::mark && value) {
            std::uint32_t mark = 0;
            for (const auto byte : value->bytes())
                mark = mark << 8U | byte;
            element += " : " + std::to_string(mark);
        }
        if (pairs && verb == "add" &&
            !shell("nft add element inet garita_rules " + rules_.name +
                   (address.is_v4() ? ".4.00" : ".6.00") + " '{ " + address.text() + " : " +
                   mac_text(*value) + " }'"))
            return false;
        return shell("nft " + verb + " element inet garita_rules " + set + " '{ " + element + " }'");
    }
    [[nodiscard]] bool erase_pair(const RuleKey& key) {
        for (unsigned i = 0; i < values(); ++i) {
            const auto address = address_of(key);
            const std::string pair = address.text() + " . " + mac_text(value(i));
            const std::string set = rules_.name + (address.is_v4() ? ".4p.00" : ".6p.00");
            if (shell("nft delete element inet garita_rules " + set + " '{ " + pair + " }' 2>/dev/null"))
                return true;
        }
        return false;
    }

    nft_classes::NftClass rules_;
    std::unique_ptr<testing_support::NetNamespace> space_;
    std::unique_ptr<nft_classes::NftClassBackend> backend_;
};

}  // namespace garita::contract
