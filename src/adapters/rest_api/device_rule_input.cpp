#include "adapters/rest_api/device_rule_input.hpp"

#include <algorithm>
#include <array>

#include "model/span.hpp"
#include "runtime/csv/csv.hpp"
#include "runtime/json/reader.hpp"

namespace garita::rest_api {
namespace {

constexpr json::TextRule comment_rule{500, json::TextRule::Content::line};

bool is_csv(const http::Request& request) {
    return request.headers.find("Content-Type").value_or("").starts_with("text/csv");
}

/// Nothing where it is not said; of others than yes and no an Error.
Result<bool> query_flag(const http::Request& request, std::string_view name) {
    const auto text = request.query.find(name).value_or("false");
    if (text == "true" || text == "1") return true;
    if (text == "false" || text == "0") return false;
    return fail(ErrorCode::invalid, "query parameter '" + std::string(name) + "' must be true or false");
}

Result<void> too_many() {
    return fail(ErrorCode::invalid,
                "more than " + std::to_string(most_rule_rows) + " rows in one request; divide them");
}

/// Where the columns stand, by the words of the first line.
struct Columns {
    static constexpr std::size_t none = ~std::size_t{0};
    std::size_t device = none, rule = none, params = none, value = none;
    std::size_t count = 0;
};

Result<Columns> columns_of(const runtime::CsvRecord& heading) {
    Columns columns;
    columns.count = heading.fields.size();
    const std::array<std::pair<std::string_view, std::size_t*>, 4> known{{{"device", &columns.device},
                                                                          {"rule", &columns.rule},
                                                                          {"params", &columns.params},
                                                                          {"value", &columns.value}}};
    for (std::size_t i = 0; i < heading.fields.size(); ++i) {
        const auto* const at = std::find_if(known.begin(), known.end(),
                                            [&](const auto& one) { return one.first == heading.fields[i]; });
        if (at == known.end() || *at->second != Columns::none)
            return fail(ErrorCode::invalid,
                        "line 1: the first line names the columns, each once: device,rule,params,value");
        *at->second = i;
    }
    if (columns.rule == Columns::none || columns.params == Columns::none || columns.value == Columns::none)
        return fail(ErrorCode::invalid,
                    "line 1: a column is missing: rule,params,value are needed, device says on which one");
    return columns;
}

void take_record(const runtime::CsvRecord& record, const Columns& columns, DeviceRuleInput& input) {
    const auto number = static_cast<std::int64_t>(record.line);
    if (!record.error.empty() || record.fields.size() != columns.count) {
        const auto wanted = std::to_string(columns.count) + " fields are wanted, " +
                            std::to_string(record.fields.size()) + " are there";
        input.broken.push_back({number, record.error.empty() ? wanted : record.error});
        return;
    }
    // a field that had quotes within lives as long as its record only
    const auto kept = [&](std::size_t column) -> std::string_view {
        if (column == Columns::none) return {};
        const auto field = record.fields[column];
        const bool escaped = field.find('"') != std::string_view::npos;
        return escaped ? std::string_view(input.unquoted.emplace_back(field)) : field;
    };
    decide::RuleRow row{kept(columns.device), kept(columns.rule), kept(columns.params), std::nullopt};
    if (const auto value = kept(columns.value); !value.empty()) row.value = value;
    input.order.rows.push_back(row);
    input.numbers.push_back(number);
}

Result<void> read_csv(const http::Request& request, DeviceRuleInput& input) {
    const auto partial = query_flag(request, "partial");
    if (!partial) return tl::unexpected(partial.error());
    const auto check = query_flag(request, "check");
    if (!check) return tl::unexpected(check.error());
    if (*partial) input.order.others = decide::RuleOrder::Others::carried_out;
    if (*check) input.order.mode = decide::RuleOrder::Mode::check_only;
    if (const auto text = request.query.find("for")) {
        const auto span = parse_span(*text);
        if (!span || span->count() <= 0)
            return fail(ErrorCode::invalid,
                        "query parameter 'for' must be a span such as 90s, 15m, 24h or 7d");
        input.order.lasts = *span;
    }
    input.order.comment = query_text(request, "comment").substr(0, comment_rule.max_bytes);
    runtime::CsvReader reader(request.body);
    runtime::CsvRecord record;
    if (!reader.next(record) || !record.error.empty())
        return fail(ErrorCode::invalid, "the first line names the columns: device,rule,params,value");
    const auto columns = columns_of(record);
    if (!columns) return tl::unexpected(columns.error());
    while (reader.next(record)) {
        if (input.order.rows.size() >= most_rule_rows) return too_many();
        take_record(record, *columns, input);
    }
    return {};
}

/// Why it is no row; empty: it is.
std::string take_row(const Body& value, decide::RuleRow& row) {
    if (!value.is_object()) return "a row is an object with rule, params and value";
    bool has_value = false;
    for (const auto& [member, content] : value.get_object()) {
        if (member == "value" && (content.is_null() || content.is_string())) {
            has_value = true;
            if (content.is_string()) row.value = content.get_string();
            continue;
        }
        auto* const place = member == "device"   ? &row.device
                            : member == "rule"   ? &row.rules
                            : member == "params" ? &row.params
                                                 : nullptr;
        if (place == nullptr || !content.is_string())
            return "a row has device, rule, params and value, each a text (value null: shall not be there)";
        *place = content.get_string();
    }
    if (row.rules.empty() || row.params.empty() || !has_value)
        return "rule, params and value are needed (value null: shall not be there)";
    return {};
}

Result<void> read_json(const http::Request& request, DeviceRuleInput& input) {
    auto document = json::parse(request.body, "the rules");
    if (!document) return tl::unexpected(document.error());
    input.document = std::move(*document);
    json::Reader in(input.document, "");
    if (in.flag_or("partial", false)) input.order.others = decide::RuleOrder::Others::carried_out;
    if (in.flag_or("check", false)) input.order.mode = decide::RuleOrder::Mode::check_only;
    input.order.lasts = in.optional_span("for");
    input.order.comment = in.text_or("comment", comment_rule, "");
    const auto* const rows = in.raw("rules");
    if (rows == nullptr || !rows->is_array()) in.refuse("rules", "an array of rows is wanted");
    const auto whole = in.finish(true);
    if (!whole) return tl::unexpected(whole.error());
    if (input.order.lasts && *input.order.lasts <= Duration::zero())
        return fail(ErrorCode::invalid, "for: a span above zero is wanted");
    if (rows->get_array().size() > most_rule_rows) return too_many();
    std::int64_t number = 0;
    for (const auto& value : rows->get_array()) {
        decide::RuleRow row{};
        if (auto why = take_row(value, row); !why.empty()) {
            input.broken.push_back({number, std::move(why)});
        } else {
            input.order.rows.push_back(row);
            input.numbers.push_back(number);
        }
        ++number;
    }
    return {};
}

}  // namespace

Result<void> read_device_rules(const http::Request& request, DeviceRuleInput& input) {
    const auto read = is_csv(request) ? read_csv(request, input) : read_json(request, input);
    if (!read) return read;
    if (input.order.rows.empty() && input.broken.empty())
        return fail(ErrorCode::invalid, "at least one row is wanted");
    input.order.idempotency_key = request.headers.find("Idempotency-Key").value_or("");
    if (input.order.idempotency_key.size() > 128)
        return fail(ErrorCode::invalid, "Idempotency-Key: at most 128 characters");
    return {};
}

}  // namespace garita::rest_api
