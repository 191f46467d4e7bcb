// Reading: what is wanted and what is there, and what was wanted before.

#include <charconv>

#include "adapters/sqlite/sqlite_device_rules.hpp"
#include "adapters/sqlite/transaction.hpp"

namespace garita::sqlite {
namespace {

using store::DeviceRule;
using store::DeviceRuleQuery;

Connection& own(store::View& view) {
    return static_cast<SqliteTransaction&>(view).connection();  // the store is ours
}

/// Of class_rules r, class_positions p and class_refusals f.
const std::string current =
    "(CASE WHEN r.seq <= (CASE r.lane WHEN 0 THEN p.quick ELSE p.bulk END) AND f.seq IS NULL THEN r.want "
    "ELSE "
    "r.have END)";

const std::string columns =
    "SELECT d.name, c.name, r.key, r.want, " + current +
    ", r.expires_at, r.seq, r.lane, r.at, h.author, h.comment, f.error, f.attempts, r.device, r.class FROM ";
const std::string looked_up =
    "CROSS JOIN class_devices d ON d.id = r.device CROSS JOIN class_names c ON c.id = r.class "
    "LEFT JOIN class_refusals f ON f.device = r.device AND f.class = r.class AND f.key = r.key AND f.seq = "
    "r.seq LEFT JOIN class_changes h ON h.id = r.change WHERE ";

/// The order of the joins is ours: r in the order of its key, everything else looked up.
const std::string select_page = columns +
                                "class_rules r CROSS JOIN class_positions p ON p.device = r.device AND "
                                "p.class = r.class " +
                                looked_up;
/// Of one key: looked up in each place.
const std::string select_key = columns +
                               "class_positions p CROSS JOIN class_rules r ON r.device = p.device AND "
                               "r.class = p.class AND r.key = ?3 " +
                               looked_up;

std::string_view text_of(DeviceRuleQuery::Which which) {
    static const std::string all = "(r.want IS NOT NULL OR " + current + " IS NOT NULL OR f.seq IS NOT NULL)";
    static const std::string different = "(r.want IS NOT " + current + " OR f.seq IS NOT NULL)";
    switch (which) {
        case DeviceRuleQuery::Which::all:
            return all;
        case DeviceRuleQuery::Which::different:
            return different;
        case DeviceRuleQuery::Which::refused:
            return "f.seq IS NOT NULL";
    }
    return all;
}

/// Where a page begins: behind this row.
struct Cursor {
    std::int64_t device = 0;
    std::int64_t rules = 0;
    RuleKey key;
};

constexpr std::string_view digits = "0123456789abcdef";

std::string text_of(const Cursor& cursor) {
    auto text = std::to_string(cursor.device) + '.' + std::to_string(cursor.rules) + '.';
    for (const std::uint8_t byte : cursor.key.bytes())
        (text += digits[byte >> 4U]) += digits[byte & 15U];
    return text;
}

std::optional<RuleKey> key_of(std::string_view hex) {
    RuleKey key;
    if (hex.size() % 2 != 0) return std::nullopt;
    for (; !hex.empty(); hex.remove_prefix(2)) {
        const auto high = digits.find(hex[0]);
        const auto low = digits.find(hex[1]);
        if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
        const std::array byte{static_cast<std::uint8_t>(high * 16 + low)};
        if (!key.append(byte)) return std::nullopt;
    }
    return key;
}

Result<Cursor> cursor_of(std::string_view text) {
    Cursor cursor;
    if (text.empty()) return cursor;
    const auto* const end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, cursor.device);
    if (first.ec == std::errc{} && first.ptr != end && *first.ptr == '.') {
        const auto second = std::from_chars(first.ptr + 1, end, cursor.rules);
        if (second.ec == std::errc{} && second.ptr != end && *second.ptr == '.')
            if (const auto key = key_of({second.ptr + 1, static_cast<std::size_t>(end - second.ptr - 1)})) {
                cursor.key = *key;
                return cursor;
            }
    }
    return fail(ErrorCode::invalid, "this place in the list of rules is not known; begin at its start again");
}

/// The number of a name, 0 where it was never heard of; -1: any.
std::int64_t number_of(Connection& db, std::string_view sql, const std::string& name) {
    if (name.empty()) return -1;
    auto row = db.statement(sql);
    return row.bind(name).step() ? row.integer(0) : 0;
}

DeviceRule read_rule(const Statement& row) {
    DeviceRule rule;
    rule.target = {row.text(0), row.text(1)};
    rule.key = row.packed<RuleKey>(2).value_or(RuleKey());
    rule.want = row.packed<RuleValue>(3);
    rule.current = row.packed<RuleValue>(4);
    rule.expires_at = row.optional_time(5);
    rule.seq = row.integer(6);
    rule.lane = row.integer(7) == 0 ? store::Lane::quick : store::Lane::bulk;
    rule.changed_at = row.time(8);
    rule.author = row.text(9);
    rule.comment = row.text(10);
    rule.error = row.text(11);
    rule.attempts = static_cast<int>(row.integer(12));
    return rule;
}

store::DeviceRulePage read_page(Statement& rows, std::size_t limit) {
    store::DeviceRulePage page;
    Cursor last;
    while (rows.step()) {
        if (page.rules.size() == limit) {
            page.next = text_of(last);
            break;
        }
        page.rules.push_back(read_rule(rows));
        last = {rows.integer(13), rows.integer(14), page.rules.back().key};
    }
    return page;
}

/// The condition names as many leading columns of the key as are given, so that a page costs what it shows.
store::DeviceRulePage fetch(Connection& db, const DeviceRuleQuery& query, const Cursor& after) {
    const auto device = number_of(db, "SELECT id FROM class_devices WHERE name = ?1", query.device);
    const auto rules = number_of(db, "SELECT id FROM class_names WHERE name = ?1", query.rules);
    const std::string rest = std::string(text_of(query.which)) + " ORDER BY r.device, r.class, r.key LIMIT ";
    const auto more = query.limit + 1;
    if (query.key) {
        auto rows = db.statement(select_key +
                                 "(?1 = -1 OR r.device = ?1) AND (?2 = -1 OR r.class = ?2) AND (r.device, "
                                 "r.class, r.key) > (?4, ?5, "
                                 "?6) AND " +
                                 rest + "?7");
        return read_page(rows.bind(device, rules, *query.key, after.device, after.rules, after.key, more),
                         query.limit);
    }
    if (device >= 0 && rules >= 0) {
        if (after.device > device || (after.device == device && after.rules > rules)) return {};
        auto rows =
            db.statement(select_page + "r.device = ?1 AND r.class = ?2 AND r.key > ?3 AND " + rest + "?4");
        return read_page(rows.bind(device, rules, after.key, more), query.limit);
    }
    if (device >= 0) {
        auto rows =
            db.statement(select_page + "r.device = ?1 AND (r.class, r.key) > (?2, ?3) AND " + rest + "?4");
        return read_page(rows.bind(device, after.rules, after.key, more), query.limit);
    }
    auto rows = db.statement(select_page +
                             "(r.device, r.class, r.key) > (?1, ?2, ?3) AND (?4 = -1 OR r.class = ?4) AND " +
                             rest + "?5");
    return read_page(rows.bind(after.device, after.rules, after.key, rules, more), query.limit);
}

}  // namespace

Result<store::DeviceRulePage> SqliteDeviceRules::list(const DeviceRuleQuery& query) {
    const auto after = cursor_of(query.after);
    if (!after) return tl::unexpected(after.error());
    store::DeviceRulePage page;
    const auto seen = store_.read([&](store::View& view) -> Result<void> {
        page = fetch(own(view), query, *after);
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return page;
}

Result<std::vector<store::RuleVersion>> SqliteDeviceRules::versions(const store::RuleTarget& target,
                                                                    const RuleKey& key, std::size_t limit) {
    std::vector<store::RuleVersion> all;
    const auto seen = store_.read([&](store::View& view) -> Result<void> {
        auto rows = own(view).statement(
            "SELECT v.want, v.at, h.author, h.comment FROM ("
            "SELECT want, at, change, seq FROM class_rules, class_devices d, class_names c WHERE device = "
            "d.id AND "
            "class = c.id AND d.name = ?1 AND c.name = ?2 AND key = ?3 UNION ALL "
            "SELECT want, at, change, seq FROM class_history, class_devices d, class_names c WHERE device = "
            "d.id AND "
            "class = c.id AND d.name = ?1 AND c.name = ?2 AND key = ?3) v "
            "LEFT JOIN class_changes h ON h.id = v.change ORDER BY v.seq DESC LIMIT ?4");
        rows.bind(target.device, target.rules, key, limit);
        while (rows.step())
            all.push_back({rows.packed<RuleValue>(0), rows.time(1), rows.text(2), rows.text(3)});
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return all;
}

Result<std::vector<store::RuleChangesEntry>> SqliteDeviceRules::changes(std::int64_t before,
                                                                        std::size_t limit) {
    std::vector<store::RuleChangesEntry> all;
    const auto seen = store_.read([&](store::View& view) -> Result<void> {
        auto rows = own(view).statement(
            "SELECT id, at, author, comment, what, changed FROM class_changes WHERE ?1 = 0 OR id < ?1 ORDER "
            "BY id "
            "DESC LIMIT ?2");
        rows.bind(before, limit);
        while (rows.step())
            all.push_back(
                {rows.integer(0), rows.time(1), rows.text(2), rows.text(3), rows.text(4), rows.integer(5)});
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return all;
}

Result<std::vector<store::ClassCounts>> SqliteDeviceRules::counts() {
    std::vector<store::ClassCounts> all;
    const auto seen = store_.read([&](store::View& view) -> Result<void> {
        auto rows = own(view).statement(
            "SELECT d.name, c.name, p.wanted, "
            "(SELECT count(*) FROM class_rules r INDEXED BY class_rules_by_seq WHERE r.device = p.device AND "
            "r.class "
            "= p.class AND r.lane = 0 AND r.seq > p.quick) + "
            "(SELECT count(*) FROM class_rules r INDEXED BY class_rules_by_seq WHERE r.device = p.device AND "
            "r.class "
            "= p.class AND r.lane = 1 AND r.seq > p.bulk), "
            "(SELECT count(*) FROM class_refusals f WHERE f.device = p.device AND f.class = p.class) "
            "FROM class_positions p JOIN class_devices d ON d.id = p.device JOIN class_names c ON c.id = "
            "p.class "
            "ORDER BY d.name, c.name");
        while (rows.step())
            all.push_back({{rows.text(0), rows.text(1)}, rows.integer(2), rows.integer(3), rows.integer(4)});
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return all;
}

Result<std::optional<Time>> SqliteDeviceRules::next_expiry() {
    std::optional<Time> next;
    const auto seen = store_.read([&](store::View& view) -> Result<void> {
        auto row = own(view).statement(
            "SELECT expires_at FROM class_rules WHERE expires_at IS NOT NULL ORDER BY expires_at LIMIT 1");
        if (row.step()) next = row.optional_time(0);
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return next;
}

}  // namespace garita::sqlite
