#pragma once
// A switch of a few lines: what it lets in now and after a restart, who is plugged in, and what goes wrong.

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "access/switch_driver.hpp"

namespace garita::tests {

struct SmallSwitch {
    using Entries = std::set<std::pair<std::string, std::string>>;  ///< (port, MAC address), as text

    Entries running, startup;
    std::map<std::string, MacAddress> plugged;  ///< by port
    bool away = false;
    bool shows_nothing = false;         ///< every question about a port is refused
    int cut_in = -1;                    ///< so many calls until the session is lost; less than 0: never
    std::function<void()> on_apply;     ///< after a change
    std::function<void()> on_question;  ///< before a port is shown
    int refused_saves = 0;              ///< so many saves are refused
    int opened = 0, saves = 0;

    [[nodiscard]] bool lets_in(const Entries& entries, const std::string& port, const MacAddress& mac) const {
        return entries.contains({port, mac.text()});
    }
};

class SmallSession final : public access::SwitchSession {
  public:
    explicit SmallSession(SmallSwitch& at) : at_(at) {}

    Result<access::PortFacts> facts(const access::PortName& port) override {
        if (auto lost = cut()) return tl::unexpected(*lost);
        if (at_.on_question) at_.on_question();
        if (at_.shows_nothing) return fail(ErrorCode::forbidden, "not authorised");
        access::PortFacts facts;
        facts.port = port;
        facts.mode = access::PortFacts::Mode::access;
        facts.security_enabled = true;
        facts.maximum = 8;
        facts.learns_sticky = true;
        facts.violation = access::PortViolation::restrict;
        for (const auto& entry : secured(at_.running))
            if (entry.port == port) {
                facts.secured.push_back(entry);
                facts.configuration.push_back("sticky " + entry.mac.text());
            }
        if (const auto found = at_.plugged.find(port.text()); found != at_.plugged.end()) {
            facts.link = access::PortFacts::Link::up;
            facts.last_source = found->second;
        }
        return facts;
    }
    Result<std::vector<access::SecuredMac>> where_secured(const MacAddress& mac) override {
        return where(at_.running, mac);
    }
    Result<std::vector<access::SecuredMac>> where_saved(const MacAddress& mac) override {
        return where(at_.startup, mac);
    }
    Result<std::vector<access::SeenMac>> where_seen(const MacAddress&) override {
        return std::vector<access::SeenMac>{};
    }
    Result<void> apply(const access::Change& change) override {
        if (auto lost = cut()) return tl::unexpected(*lost);
        const std::pair entry{change.port.text(), change.mac.text()};
        if (change.what == access::Change::What::secure) at_.running.insert(entry);
        if (change.what == access::Change::What::release) at_.running.erase(entry);
        if (at_.on_apply) at_.on_apply();
        return {};
    }
    Result<void> verify(const access::Change&) override { return {}; }
    Result<void> save() override {
        if (auto lost = cut()) return tl::unexpected(*lost);
        if (at_.refused_saves > 0) {
            at_.refused_saves -= 1;
            return fail(ErrorCode::conflict, "startup-config file open failed (Device or resource busy)");
        }
        at_.startup = at_.running;
        at_.saves += 1;
        return {};
    }

  private:
    std::optional<Error> cut() {
        if (at_.cut_in < 0) return std::nullopt;
        if (at_.cut_in > 0) {
            at_.cut_in -= 1;
            return std::nullopt;
        }
        return Error{ErrorCode::unavailable, "the connection is lost", Retry::later};
    }
    static std::vector<access::SecuredMac> secured(const SmallSwitch::Entries& entries) {
        std::vector<access::SecuredMac> all;
        for (const auto& [port, mac] : entries)
            all.push_back({MacAddress::parse(mac).value(), access::PortName::parse(port).value(), 0,
                           access::SecuredMac::How::sticky, access::SecuredMac::In::any});
        return all;
    }
    Result<std::vector<access::SecuredMac>> where(const SmallSwitch::Entries& entries,
                                                  const MacAddress& mac) {
        if (auto lost = cut()) return tl::unexpected(*lost);
        auto all = secured(entries);
        std::erase_if(all, [&](const access::SecuredMac& one) { return one.mac != mac; });
        return all;
    }

    SmallSwitch& at_;
};

class SmallDriver final : public access::SwitchDriver {
  public:
    explicit SmallDriver(SmallSwitch& at) : at_(at) {}
    [[nodiscard]] std::string_view name() const override { return "small"; }
    [[nodiscard]] std::vector<std::string> commands(const access::Change&) const override { return {}; }
    [[nodiscard]] std::vector<std::string> save_commands() const override { return {}; }
    Result<std::unique_ptr<access::SwitchSession>> open(const access::SwitchLogin&,
                                                        access::SessionLog&) override {
        at_.opened += 1;
        if (at_.away) return fail(ErrorCode::unavailable, "nobody answers", Retry::later);
        return std::make_unique<SmallSession>(at_);
    }

  private:
    SmallSwitch& at_;
};

}  // namespace garita::tests
