#include "adapters/sqlite/sqlite_port_book.hpp"

#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/transaction.hpp"

namespace garita::sqlite {
namespace {

const std::string select_host =
    "SELECT host, addresses, answer, open, open_udp, scanned_at, next_at, drift, since, place, suspected, "
    "unknown_scans, unknown_since, why, told, told_unknown, muted_until, applied, applied_unknown, accepted, "
    "accepted_for, services FROM port_hosts ";

Connection& of(store::View& view) {
    return dynamic_cast<SqliteTransaction&>(view).connection();  // the store is ours
}

PortSet ports_of(std::string_view text) {
    return PortSet::parse(text).value_or(PortSet{});
}

PortDifference difference_of(std::string_view text) {
    return PortDifference::parse(text).value_or(PortDifference{});
}

std::optional<PortDifference> optional_difference(const Statement& row, int column) {
    return row.is_null(column) ? std::nullopt : std::optional(difference_of(row.view(column)));
}

std::optional<std::string> text_of(const std::optional<PortDifference>& difference) {
    return difference ? std::optional(difference->text()) : std::nullopt;
}

HostPorts read_host(const Statement& row) {
    HostPorts host;
    host.host = row.text(0);
    host.addresses = row.text(1);
    host.answer = parse_host_answer(row.view(2)).value_or(HostAnswer::none);
    host.open = ports_of(row.view(3));
    host.open_udp = ports_of(row.view(4));
    host.scanned_at = row.optional_time(5);
    host.next_at = row.time(6);
    host.drift = difference_of(row.view(7));
    host.since = row.optional_time(8);
    host.where = row.text(9);
    host.suspected = optional_difference(row, 10);
    host.unknown_scans = static_cast<int>(row.integer(11));
    host.unknown_since = row.optional_time(12);
    host.why = row.text(13);
    host.told = optional_difference(row, 14);
    host.told_unknown = row.integer(15) != 0;
    host.muted_until = row.optional_time(16);
    host.applied = row.id<CaseId>(17);
    host.applied_unknown = row.id<CaseId>(18);
    host.accepted = difference_of(row.view(19));
    host.accepted_for = row.text(20);
    host.services = parse_service_texts(row.view(21)).value_or(ServiceTexts{});
    return host;
}

}  // namespace

std::vector<HostPorts> SqlitePortBook::hosts(store::View& view) {
    auto rows = of(view).statement(select_host + "ORDER BY host");
    std::vector<HostPorts> all;
    while (rows.step())
        all.push_back(read_host(rows));
    return all;
}

std::optional<HostPorts> SqlitePortBook::find(store::View& view, std::string_view host) {
    auto row = of(view).statement(select_host + "WHERE host = ?1");
    if (!row.bind(host).step()) return std::nullopt;
    return read_host(row);
}

std::vector<PortEvent> SqlitePortBook::history(store::View& view, std::string_view host, std::size_t limit) {
    auto rows = of(view).statement(
        "SELECT host, at, what FROM port_events WHERE host = ?1 ORDER BY id DESC LIMIT ?2");
    rows.bind(host, limit);
    std::vector<PortEvent> all;
    while (rows.step())
        all.push_back({rows.text(0), rows.time(1), rows.text(2)});
    return all;
}

void SqlitePortBook::put(store::Transaction& transaction, const HostPorts& host) {
    of(transaction)
        .statement(
            "INSERT OR REPLACE INTO port_hosts (host, addresses, answer, open, open_udp, scanned_at, "
            "next_at, "
            "drift, since, place, suspected, unknown_scans, unknown_since, why, told, told_unknown, "
            "muted_until, applied, applied_unknown, accepted, accepted_for, services) VALUES (?1, ?2, ?3, "
            "?4, ?5, ?6, "
            "?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)")
        .bind(host.host, host.addresses, to_text(host.answer), host.open.text(), host.open_udp.text(),
              host.scanned_at, host.next_at, host.drift.text(), host.since, host.where,
              text_of(host.suspected), host.unknown_scans, host.unknown_since, host.why, text_of(host.told),
              host.told_unknown ? 1 : 0, host.muted_until, host.applied, host.applied_unknown,
              host.accepted.text(), host.accepted_for, to_text(host.services))
        .run();
}

void SqlitePortBook::remove(store::Transaction& transaction, std::string_view host) {
    of(transaction).statement("DELETE FROM port_hosts WHERE host = ?1").bind(host).run();
}

void SqlitePortBook::add(store::Transaction& transaction, const PortEvent& event) {
    of(transaction)
        .statement("INSERT INTO port_events (host, at, what) VALUES (?1, ?2, ?3)")
        .bind(event.host, event.at, event.what)
        .run();
}

std::size_t SqlitePortBook::prune(store::Transaction& transaction, Time before, std::size_t limit) {
    auto rows = of(transaction)
                    .statement(
                        "DELETE FROM port_events WHERE id IN (SELECT id FROM port_events WHERE at < ?1 ORDER "
                        "BY at LIMIT ?2) "
                        "RETURNING id");
    rows.bind(before, limit);
    std::size_t gone = 0;
    while (rows.step())
        ++gone;
    return gone;
}

}  // namespace garita::sqlite
