// Any bytes as the other end of a terminal session, by Telnet or SSH, in pieces that the first bytes choose.
// Invariants: nothing throws; name, password and enable secret go out at most once each, and only as a whole
// line; whatever the switch says, nothing is typed but those, the opening lines, the commands that were given
// and answers to paging and questions.

#include <algorithm>
#include <string>

#include "adapters/ios/dialogue.hpp"
#include "runtime/shell/telnet_codec.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using fuzz::must;
using ios::Dialogue;

std::size_t times(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
        ++count;
    return count;
}

void check_typed(std::string_view typed) {
    must(times(typed, "NAME") <= 1 && times(typed, "PASSWORD") <= 1 && times(typed, "SECRET") <= 1);
    while (!typed.empty()) {
        if (const auto c = typed.front(); c == ' ' || c == 'n' || c == '\x03' || c == '\r') {
            if (!typed.starts_with("no\r")) {
                typed.remove_prefix(1);
                continue;
            }
        }
        const auto end = typed.find('\r');
        must(end != std::string_view::npos);
        const auto line = typed.substr(0, end);
        must(line == "NAME" || line == "PASSWORD" || line == "SECRET" || line == "terminal length 0" ||
             line == "enable" || line == "show version" || line == "yes" || line == "no" || line == "end" ||
             line == "exit");
        typed.remove_prefix(end + 1);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const bool telnet = (data[0] & 1U) != 0;
    const std::size_t piece = 1 + data[1] % 64U;
    const auto questions = (data[0] & 2U) != 0 ? ios::Questions::accept : ios::Questions::refuse;
    auto bytes = fuzz::text_of(data, size).substr(2);
    ios::DialogueSettings settings{
        telnet ? ios::DialogueSettings::Login::asked : ios::DialogueSettings::Login::done, "NAME", "PASSWORD",
        "SECRET"};
    Dialogue dialogue(settings);
    runtime::TelnetCodec codec;
    std::string typed;
    int commands = 0;
    while (!bytes.empty()) {
        const auto part = bytes.substr(0, piece);
        bytes.remove_prefix(part.size());
        dialogue.receive(telnet ? codec.decode(part) : std::string(part));
        must(codec.take_replies().size() <= 64 * part.size());
        if (part.front() == '\x1c') dialogue.quiet();
        if (dialogue.state() == Dialogue::State::ready && commands < 8) {
            (void)dialogue.take_answer();
            dialogue.send("show version", questions);
            ++commands;
        }
        typed += dialogue.take_output();
    }
    if ((data[0] & 4U) != 0) dialogue.leave();
    dialogue.closed();
    typed += dialogue.take_output();
    must(dialogue.state() == Dialogue::State::failed || dialogue.state() == Dialogue::State::ended);
    must((dialogue.state() == Dialogue::State::failed) == (dialogue.trouble() != Dialogue::Trouble::none));
    check_typed(typed);
    return 0;
}
