#pragma once
// The work on a port, done on an emulated switch.

#include "access/port_work.hpp"
#include "switch_world.hpp"

namespace garita::ios {

/// A port of a desk: sticky, one address at a time, told of what it did not let in.
inline const std::string desk_port =
    " switchport mode access\n switchport access vlan 1\n switchport port-security violation restrict\n"
    " switchport port-security mac-address sticky\n";
constexpr auto* old_line = " switchport port-security mac-address sticky 0050.56aa.0102\n";
constexpr auto* on = " switchport port-security\n";

class PortWorkTest : public SwitchTest {
  protected:
    /// Lines of Gi1/0/1, and whatever else the switch is configured with.
    void start_with(const std::string& lines, const std::string& more = {}, int count = 1) {
        start({{"config", "interface GigabitEthernet1/0/1\n" + lines + more}}, count);
        if (switches_) look_at(1);
    }
    /// This one from now on, as it is.
    void look_at(int number) {
        use(number);
        running_ = text_of("running");
        startup_ = text_of("startup");
    }
    access::PortOrder order(const char* name = "Gi1/0/1") {
        return {
            MacAddress::parse(one_mac).value(), port(name), "sw1", {}, access::PortOrder::Mode::carry_out};
    }
    access::KeepJournal keep() {
        return [this](const std::string& journal) -> Result<void> {
            journal_ = journal;
            ++kept_;
            return {};
        };
    }
    access::PortOutcome work(const access::PortOrder& order) {
        const auto session = open();
        if (!session) return {access::PortOutcome::Kind::later, {}, {{"said", session.error().text}}};
        return access::secure_port(**session, driver_, order, keep());
    }
    access::PortOutcome resume(access::PortJournal::Stage stage = access::PortJournal::Stage::planned) {
        auto journal = access::PortJournal::parse(journal_);
        const auto session = opened();
        if (!journal || !session) {
            ADD_FAILURE() << "no journal or no session: " << journal_;
            return {};
        }
        journal->stage = stage;
        return access::resume_port(*session, *journal);
    }
    [[nodiscard]] bool is_as_before() {
        return text_of("running") == running_ && text_of("startup") == startup_;
    }
    /// The address is let in at this port, now and after a restart.
    [[nodiscard]] bool is_secured(const std::string& name = "GigabitEthernet1/0/1") {
        return lets_in(text_of("running"), name) && lets_in(text_of("startup"), name);
    }
    [[nodiscard]] static bool lets_in(const std::string& text, const std::string& name) {
        const auto begin = text.find("interface " + name + "\n");
        const auto end = text.find("interface ", begin + 1);
        return text.substr(begin, end - begin).find(one_mac) != std::string::npos;
    }

    std::string running_;
    std::string startup_;
    std::string journal_;
    int kept_ = 0;
};

}  // namespace garita::ios
