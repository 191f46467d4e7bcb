#include "programs/cli/device_rule_documents.hpp"

#include <limits>

#include "programs/cli/hub_documents.hpp"
#include "runtime/json/reader.hpp"
#include "runtime/json/text.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

constexpr std::size_t most_rows = 1'000'000;
constexpr auto any_count = std::numeric_limits<std::int64_t>::max();

json::Reader tolerant(const boost::json::value& body) {
    return {body, "the hub's answer", json::Unknown::ignore};
}

Result<ShownDeviceRule> rule_from(const boost::json::value& value, std::string_view where,
                                  json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ShownDeviceRule rule;
    rule.device = in.text("device", json::name_rule);
    rule.rule = in.text("rule", json::name_rule);
    rule.params = in.text("params", json::line_rule);
    rule.value = in.nullable_text("value", json::line_rule);
    rule.current = in.nullable_text("current", json::line_rule);
    rule.expires = in.optional_time("expires");
    rule.by = in.text_or("by", json::line_rule, "");
    rule.error = in.text_or("error", json::text_rule, "");
    return in.finish(std::move(rule));
}

Result<RefusedRow> refused_from(const boost::json::value& value, std::string_view where,
                                json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    RefusedRow row;
    row.row = in.integer("row", 0, any_count);
    row.why = in.text("error", json::text_rule);
    return in.finish(std::move(row));
}

Result<ShownVersion> version_from(const boost::json::value& value, std::string_view where,
                                  json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ShownVersion version;
    version.value = in.nullable_text("value", json::line_rule);
    version.since = in.time("since");
    version.by = in.text_or("by", json::line_rule, "");
    version.comment = in.text_or("comment", json::text_rule, "");
    return in.finish(std::move(version));
}

Result<ShownRuleCount> count_from(const boost::json::value& value, std::string_view where,
                                  json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ShownRuleCount count;
    count.device = in.text("device", json::name_rule);
    count.rule = in.text("rule", json::name_rule);
    count.wanted = in.integer("wanted", 0, any_count);
    count.pending = in.integer("pending", 0, any_count);
    count.refused = in.integer("refused", 0, any_count);
    return in.finish(std::move(count));
}

Result<ShownChange> change_from(const boost::json::value& value, std::string_view where,
                                json::Unknown unknown) {
    json::Reader in(value, where, unknown);
    ShownChange change;
    change.id = in.integer("id", 1, any_count);
    change.at = in.time("at");
    change.by = in.text_or("by", json::line_rule, "");
    change.what = in.text_or("what", json::line_rule, "");
    change.comment = in.text_or("comment", json::text_rule, "");
    change.changed = in.integer("changed", 0, any_count);
    return in.finish(std::move(change));
}

}  // namespace

Result<ShownDeviceRules> read_device_rules(const boost::json::value& body) {
    auto in = tolerant(body);
    ShownDeviceRules page;
    page.rules = in.list<ShownDeviceRule>("rules", most_rows, rule_from);
    page.next = in.text_or("next", json::line_rule, "");
    return in.finish(std::move(page));
}

Result<DeviceRulesChanged> read_device_rules_changed(int status, const std::string& text) {
    const auto body = json::parse(text, "the hub's answer");
    DeviceRulesChanged changes;
    if (status == 422 && body && body->is_object() && body->get_object().contains("refused")) {
        auto in = tolerant(*body);
        changes.refused = in.list<RefusedRow>("refused", most_rows, refused_from);
        return in.finish(std::move(changes));
    }
    const auto reply = read_reply(status, text);
    if (!reply) return tl::unexpected(reply.error());
    auto in = tolerant(reply->body);
    changes.carried_out = true;
    changes.changed = in.integer("changed", 0, any_count);
    changes.unchanged = in.integer("unchanged", 0, any_count);
    changes.refused = in.list<RefusedRow>("refused", most_rows, refused_from);
    return in.finish(std::move(changes));
}

Result<std::vector<ShownVersion>> read_versions(const boost::json::value& body) {
    auto in = tolerant(body);
    auto versions = in.list<ShownVersion>("versions", most_rows, version_from);
    return in.finish(std::move(versions));
}

Result<std::vector<ShownRuleCount>> read_rule_counts(const boost::json::value& body) {
    auto in = tolerant(body);
    auto counts = in.list<ShownRuleCount>("counts", most_rows, count_from);
    return in.finish(std::move(counts));
}

Result<std::vector<ShownChange>> read_rule_history(const boost::json::value& body) {
    auto in = tolerant(body);
    auto changes = in.list<ShownChange>("changes", most_rows, change_from);
    return in.finish(std::move(changes));
}

}  // namespace garita::programs
