// Any bytes as each of our values. Invariants: nothing throws; what was accepted is written in a form that is
// accepted again and written the same; an error is one printable line.

#include <string_view>

#include "both_ways.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/text.hpp"

namespace {

namespace json = garita::runtime::json;
using garita::fuzz::check_error;
using garita::fuzz::must;

template <typename Read>
void check(const boost::json::value& value, Read read) {
    const auto first = read(value, "body", json::Unknown::refuse);
    const auto tolerant = read(value, "body", json::Unknown::ignore);
    must(tolerant.has_value() || !first.has_value());
    if (!first) check_error(first.error());
    if (!tolerant) return check_error(tolerant.error());
    const auto text = json::serialize(json::to_json(*tolerant));
    const auto parsed = json::parse(text, "body");
    must(parsed.has_value());
    const auto again = read(*parsed, "body", json::Unknown::refuse);
    must(again.has_value());
    must(json::serialize(json::to_json(*again)) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto bytes = garita::fuzz::text_of(data, size);
    (void)json::parse_iso8601(bytes);
    const auto made_valid = json::to_json_text(bytes, 64);
    must(made_valid.size() <= 64);
    must(json::parse(json::serialize(made_valid), "text").has_value());
    const auto value = json::parse(bytes, "body", 1 << 16);
    if (!value) {
        check_error(value.error());
        return 0;
    }
    check(*value, json::alert_from_json);
    check(*value, json::case_from_json);
    check(*value, json::decision_from_json);
    check(*value, json::progress_from_json);
    check(*value, json::order_from_json);
    check(*value, json::action_from_json);
    check(*value, json::rule_from_json);
    check(*value, json::rule_change_from_json);
    check(*value, json::held_rule_from_json);
    check(*value, json::device_from_json);
    check(*value, json::audit_entry_from_json);
    check(*value, json::counts_from_json);
    return 0;
}
