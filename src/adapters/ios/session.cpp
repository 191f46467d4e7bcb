#include "adapters/ios/session.hpp"

#include <algorithm>
#include <array>

#include "adapters/ios/driver.hpp"
#include "adapters/ios/facts.hpp"
#include "adapters/ios/mac_address.hpp"
#include "adapters/ios/words.hpp"

namespace garita::ios {
namespace {

using access::Change;
using access::PortFacts;
using access::PortName;
using access::SecuredMac;
using access::SeenMac;

constexpr std::string_view leave = "end";

/// Found by address, port and, where it says so, how it is written.
bool has(const std::vector<SecuredMac>& all, const Change& change) {
    return std::any_of(all.begin(), all.end(), [&](const SecuredMac& one) {
        return one.mac == change.mac && one.port == change.port && one.how == change.how;
    });
}

tl::unexpected<Error> refused(const std::string& line, const Answer& answer) {
    std::string said = answer.refused_by;
    for (const auto& one : answer.lines)
        if (said.empty()) said = trimmed(one);
    const auto code = answer.refusal == Refusal::authorization ? ErrorCode::forbidden : ErrorCode::conflict;
    const auto retry = answer.refusal == Refusal::locked ? Retry::later : Retry::no;
    return fail(code, "the switch refuses `" + line + "`: " + said, retry);
}

/// What may be said to a line of configuration that was taken.
bool is_harmless(std::string_view line) {
    const auto text = trimmed(line);
    return text.empty() || begins_with(text, "Enter configuration commands") ||
           begins_with(text, "%Warning") || begins_with(text, "% Warning");
}

/// Of `| count`; 0 where it did not count.
unsigned counted(const std::vector<std::string>& lines) {
    constexpr std::string_view before = "Number of lines which match regexp = ";
    for (const auto& line : lines)
        if (begins_with(line, before))
            return number_of<unsigned>(trimmed(std::string_view(line).substr(before.size()))).value_or(0);
    return 0;
}

}  // namespace

IosSession::IosSession(std::unique_ptr<Terminal> terminal, const access::SwitchLogin& login,
                       access::SessionLog& log)
    : terminal_(std::move(terminal)),
      log_(log),
      answer_within_(login.answer_within),
      save_within_(login.save_within) {}

/// A log message may tear a line apart; then it is asked once more, and what is not understood again is an
/// error.
template <typename Parse>
auto IosSession::read(const std::string& command, Parse parse) -> decltype(parse(Output{})) {
    constexpr int most_tries = 3;
    for (int attempt = 1;; ++attempt) {
        const auto answer = terminal_->ask(command, answer_within_);
        if (!answer) return tl::unexpected(answer.error());
        if (answer->refusal != Refusal::none) return refused(command, *answer);
        const auto output = Output::read(answer->text());
        auto parsed = output ? parse(*output) : tl::unexpected(output.error());
        if (parsed) return parsed;
        if (answer->messages.empty() || attempt == most_tries)
            return fail(ErrorCode::invalid,
                        "the answer to `" + command + "` is not understood: " + parsed.error().text);
        log_.noted("a log message tore the answer apart; asked again");
    }
}

Result<RunningInterface> IosSession::running(const PortName& port) {
    return read("show running-config interface " + port.text(), parse_running_interface);
}

Result<void> IosSession::read_link(PortFacts& facts) {
    const auto rows = read("show interfaces " + facts.port.text() + " status", parse_interface_status);
    if (!rows) return tl::unexpected(rows.error());
    if (rows->size() != 1 || rows->front().port != facts.port)
        return fail(ErrorCode::invalid, "`show interfaces status` does not tell of " + facts.port.text());
    add(facts, rows->front());
    if (facts.link != PortFacts::Link::err_disabled) return {};
    const auto reasons = read("show interfaces status err-disabled", parse_err_disabled);
    if (!reasons) return tl::unexpected(reasons.error());
    for (const auto& one : *reasons)
        if (one.port == facts.port) facts.err_reason = one.reason;
    return {};
}

Result<void> IosSession::read_switchport(PortFacts& facts) {
    const auto ports = read("show interfaces " + facts.port.text() + " switchport", parse_switchports);
    if (!ports) return tl::unexpected(ports.error());
    if (ports->size() != 1 || ports->front().port != facts.port)
        return fail(ErrorCode::invalid, "`show interfaces switchport` does not tell of " + facts.port.text());
    add(facts, ports->front());
    return {};
}

Result<void> IosSession::read_security(PortFacts& facts) {
    const auto security = read("show port-security interface " + facts.port.text(), parse_port_security);
    if (!security) return tl::unexpected(security.error());
    add(facts, *security);
    if (!facts.security_enabled || security->total == 0) return {};
    const auto table =
        read("show port-security interface " + facts.port.text() + " address", parse_secure_addresses);
    if (!table) return tl::unexpected(table.error());
    for (const auto& entry : table->entries) {
        if (entry.port != facts.port) continue;
        const auto learnt = secured_of(entry);
        const auto known =
            std::find_if(facts.secured.begin(), facts.secured.end(), [&](const SecuredMac& one) {
                return one.mac == learnt.mac && (one.vlan == 0 || one.vlan == learnt.vlan);
            });
        if (known == facts.secured.end())
            facts.secured.push_back(learnt);
        else
            known->vlan = learnt.vlan;
    }
    return {};
}

/// Whether the other end of the cable says to be a switch. Its words are counted there and never come here:
/// what a stranger calls itself could look like a prompt. A switch that knows neither protocol, or may not
/// tell, leaves it at the other signs of an uplink.
Result<bool> IosSession::leads_on(const PortName& port) {
    if (const auto known = leads_on_.find(port); known != leads_on_.end()) return known->second;
    // telephones and access points bridge too, and say more of themselves
    constexpr std::array<std::pair<std::string_view, std::string_view>, 2> protocols{
        {{"cdp", "Capabilities:.* Switch"}, {"lldp", "Enabled Capabilities: (B|B,R) *$"}}};
    for (const auto& [protocol, words] : protocols) {
        std::string command = "show ";
        command.append(protocol).append(" neighbors ").append(port.text()).append(" detail | count ");
        command.append(words);
        const auto answer = terminal_->ask(command, answer_within_);
        if (!answer) return tl::unexpected(answer.error());
        if (answer->refusal == Refusal::none && counted(answer->lines) > 0) return leads_on_[port] = true;
    }
    return leads_on_[port] = false;
}

Result<PortFacts> IosSession::facts(const PortName& port) {
    auto out = state_of(port);
    if (!out || out->mode != PortFacts::Mode::access) return out;
    const auto on = leads_on(port);
    if (!on) return tl::unexpected(on.error());
    out->leads_on = *on;
    return out;
}

Result<PortFacts> IosSession::state_of(const PortName& port) {
    const auto configured = running(port);
    if (!configured) return tl::unexpected(configured.error());
    if (configured->port != port)
        return fail(ErrorCode::invalid,
                    "the switch tells of " + configured->port.text() + " instead of " + port.text());
    PortFacts out;
    add(out, *configured);
    if (const auto done = read_link(out); !done) return tl::unexpected(done.error());
    if (const auto done = read_switchport(out); !done) return tl::unexpected(done.error());
    if (out.mode == PortFacts::Mode::routed) return out;  // it has no port-security to ask for
    if (const auto done = read_security(out); !done) return tl::unexpected(done.error());
    auto heard = seen("interface " + port.text());
    if (!heard) return tl::unexpected(heard.error());
    out.seen = std::move(*heard);
    return out;
}

Result<std::vector<SeenMac>> IosSession::seen(const std::string& which) {
    const auto entries = read("show mac address-table " + which, parse_mac_table);
    if (entries) return seen_of(*entries);
    if (entries.error().code != ErrorCode::conflict) return tl::unexpected(entries.error());
    const auto old = read("show mac-address-table " + which, parse_mac_table);  // before 12.2(33)
    if (!old) return tl::unexpected(old.error());
    return seen_of(*old);
}

Result<std::vector<SeenMac>> IosSession::where_seen(const MacAddress& mac) {
    return seen("address " + dotted(mac));
}

Result<std::vector<SecuredMac>> IosSession::where_secured(const MacAddress& mac) {
    const std::string command = "show running-config | include ^interface|" + dotted(mac);
    const auto answer = terminal_->ask(command, answer_within_);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->refusal != Refusal::none) return refused(command, *answer);
    auto found = secured_lines(answer->lines, mac);
    if (!found) return found;
    const auto table = read("show port-security address", parse_secure_addresses);
    if (!table) return tl::unexpected(table.error());
    for (const auto& entry : table->entries) {
        if (entry.mac != mac) continue;
        const auto known = std::find_if(found->begin(), found->end(),
                                        [&](const SecuredMac& one) { return one.port == entry.port; });
        if (known == found->end())
            found->push_back(secured_of(entry));
        else if (known->vlan == 0)
            known->vlan = entry.vlan;
    }
    return found;
}

Result<void> IosSession::send_line(const std::string& line) {
    const auto answer = terminal_->ask(line, answer_within_);
    if (!answer) return tl::unexpected(answer.error());
    const bool silent = std::all_of(answer->lines.begin(), answer->lines.end(), is_harmless);
    if (answer->refusal != Refusal::none || !silent) return refused(line, *answer);
    if (line.starts_with("configure") && !terminal_->configures())
        return fail(ErrorCode::conflict, "`" + line + "` does not lead to configuration mode");
    return {};
}

void IosSession::leave_configuration() {
    if (!terminal_->configures()) return;
    if (const auto left = terminal_->ask(leave, answer_within_); !left) log_.noted(left.error().text);
}

Result<void> IosSession::apply(const Change& change) {
    for (const auto& line : lines_of(change)) {
        auto done = send_line(line);
        if (done) continue;
        const bool over = done.error().code == ErrorCode::unavailable && !terminal_->configures();
        if (!over) leave_configuration();
        return done;
    }
    if (change.what != Change::What::secure && change.what != Change::What::release) return {};
    std::erase_if(unsaved_,
                  [&](const Change& one) { return one.mac == change.mac && one.port == change.port; });
    unsaved_.push_back(change);
    return {};
}

Result<void> IosSession::verify(const Change& change) {
    const auto now = state_of(change.port);
    if (!now) return tl::unexpected(now.error());
    const auto lying = [&](std::string_view what) {
        return fail(ErrorCode::conflict,
                    "the switch took the lines, but " + change.port.text() + " " + std::string(what));
    };
    switch (change.what) {
        case Change::What::secure:
            if (!has(now->secured, change)) return lying("does not let " + dotted(change.mac) + " in");
            break;
        case Change::What::release:
            if (has(now->secured, change)) return lying("still lets " + dotted(change.mac) + " in");
            break;
        case Change::What::forget_learnt:
            for (const auto& one : now->secured)
                if (one.mac == change.mac && one.how == SecuredMac::How::learnt)
                    return lying("still remembers " + dotted(change.mac));
            break;
        case Change::What::recover:
            if (now->link == PortFacts::Link::err_disabled || now->link == PortFacts::Link::shut_down)
                return lying("is still out of service");
            break;
    }
    return {};
}

Result<void> IosSession::save() {
    const std::string command = "write memory";
    const auto answer = terminal_->ask(command, save_within_, Questions::accept);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->refusal != Refusal::none) return refused(command, *answer);
    const bool fine = std::any_of(answer->lines.begin(), answer->lines.end(), [](const std::string& line) {
        return line.find("[OK]") != std::string::npos;
    });
    if (!fine) return fail(ErrorCode::conflict, "`" + command + "` did not end with [OK]");
    return check_saved();
}

Result<std::vector<SecuredMac>> IosSession::where_saved(const MacAddress& mac) {
    const std::string command = "show startup-config | include ^interface|" + dotted(mac);
    const auto answer = terminal_->ask(command, save_within_);
    if (!answer) return tl::unexpected(answer.error());
    if (answer->refusal != Refusal::none) return refused(command, *answer);
    return secured_lines(answer->lines, mac);
}

/// The switch's word is held against what a restart would read.
Result<void> IosSession::check_saved() {
    for (const auto& change : unsaved_) {
        const auto saved = where_saved(change.mac);
        if (!saved) {
            const auto code = saved.error().code;
            if (code != ErrorCode::conflict && code != ErrorCode::forbidden)
                return tl::unexpected(saved.error());
            log_.noted("what was saved cannot be read: " + saved.error().text);
            break;
        }
        if (has(*saved, change) != (change.what == Change::What::secure))
            return fail(ErrorCode::conflict,
                        "the switch says [OK], but its startup configuration is not as the "
                        "running one for " +
                            dotted(change.mac));
    }
    unsaved_.clear();
    return {};
}

}  // namespace garita::ios
