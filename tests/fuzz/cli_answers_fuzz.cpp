// Whatever answers behind the command line's socket: first line the HTTP status, then the body, through every
// reader and into the text that a terminal gets. Invariants: nothing throws; an error says why; no cell of a
// table can move the cursor.

#include <charconv>
#include <string>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/zoneinfo/zone.hpp"
#include "programs/cli/device_rule_documents.hpp"
#include "programs/cli/hub_documents.hpp"
#include "programs/cli/terminal.hpp"
#include "target.hpp"

namespace {

using namespace garita;
using namespace garita::programs;
using fuzz::must;

const Time now{std::chrono::hours(500'000)};

template <typename Read>
void check_error(const Read& read) {
    if (!read) must(!read.error().text.empty());
}

void show(const ShownCase& shown) {
    static const catalogue::MessageCatalogue words;
    static const auto utc = zoneinfo::find_zone("UTC").value();
    const decide::Reader reader{words, *utc, "en"};
    must(fuzz::printable(decide::case_title(shown.about, reader)));
    must(!decide::plain_text(shown.about, shown.progress, reader, 1'000'000).empty());
    must(!relative(shown.about.last_alert_at, now).empty());
}

void show_rules(const std::vector<Rule>& rules) {
    Table table({"DEVICE", "PARAMETERS", "BY"});
    for (const auto& rule : rules)
        table.add({rule.device, rule.params, rule.author});
    std::size_t lines = 0;
    const auto text = table.text();
    for (const char c : text) {
        must(c == '\n' || (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f));
        if (c == '\n') ++lines;
    }
    must(lines == rules.size() + 1);
}

void documents(const boost::json::value& body) {
    check_error(read_rule_counts(body));
    const auto one = read_case(body);
    check_error(one);
    if (one) show(*one);
    const auto cases = read_cases(body);
    check_error(cases);
    if (cases)
        for (const auto& each : *cases)
            show(each);
    const auto answered = read_answered_case(body);
    check_error(answered);
    if (answered) show(answered->shown);
    const auto rules = read_rules(body);
    check_error(rules);
    if (rules) show_rules(*rules);
    check_error(read_changed_rules(body));
    check_error(read_status(body));
    check_error(read_audit(body));
    check_error(read_device_rules(body));
    check_error(read_versions(body));
    check_error(read_rule_history(body));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto [head, body] = fuzz::first_line(fuzz::text_of(data, size));
    int status = 0;
    (void)std::from_chars(head.data(), head.data() + head.size(), status);
    const auto reply = read_reply(status, std::string(body));
    check_error(reply);
    check_error(read_device_rules_changed(status, std::string(body)));
    if (reply) documents(reply->body);
    return 0;
}
