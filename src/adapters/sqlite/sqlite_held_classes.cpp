#include "adapters/sqlite/sqlite_held_classes.hpp"

#include <algorithm>

#include "adapters/sqlite/held_classes_file.hpp"

namespace garita::sqlite {
namespace {

using store::FedRule;
using store::HeldPage;
using store::HeldPositions;
using store::Lane;

constexpr int cache_kib = 2048;

void forget_all(Connection& db, std::int64_t id) {
    for (const std::string_view sql :
         {"DELETE FROM rules WHERE class = ?1", "DELETE FROM marks WHERE class = ?1",
          "DELETE FROM refusals WHERE class = ?1"})
        db.statement(sql).bind(id).run();
}

void begin_all(Connection& db, HeldClass& held, const std::string& source) {
    held.source = source;
    held.filling = true;
    ++held.epoch;
    held.held = {};
    held.confirmed = {};
    db.statement("DELETE FROM marks WHERE class = ?1").bind(held.id).run();
    db.statement("DELETE FROM refusals WHERE class = ?1 AND seq = 0").bind(held.id).run();
}

std::int64_t next_seq(HeldClass& held, Lane lane) {
    return position(held.last, lane) = ++held.last_seq;
}

void put_rule(Connection& db, HeldClass& held, const FedRule& rule) {
    db.statement("DELETE FROM refusals WHERE class = ?1 AND key = ?2").bind(held.id, rule.key).run();
    if (!rule.want) {  // what is not there needs neither row nor number
        db.statement(
              "UPDATE rules SET want = NULL, seq = ?3, lane = ?4, hub_seq = ?5, epoch = ?6, expires_at = "
              "NULL "
              "WHERE class = ?1 AND key = ?2")
            .bind(held.id, rule.key, held.last_seq + 1, number_of(rule.lane), rule.seq, held.epoch)
            .run();
        if (db.changes() > 0) (void)next_seq(held, rule.lane);
        return;
    }
    db.statement(
          "INSERT INTO rules (class, key, want, seq, lane, hub_seq, epoch, expires_at) VALUES (?1, ?2, ?3, "
          "?4, "
          "?5, ?6, ?7, ?8) ON CONFLICT DO UPDATE SET want = excluded.want, seq = excluded.seq, lane = "
          "excluded.lane, hub_seq = excluded.hub_seq, epoch = excluded.epoch, expires_at = "
          "excluded.expires_at")
        .bind(held.id, rule.key, rule.want, next_seq(held, rule.lane), number_of(rule.lane), rule.seq,
              held.epoch, rule.expires_at)
        .run();
}

void put_unfit(Connection& db, const HeldClass& held, const FedRule& rule, const std::string& why) {
    db.statement("UPDATE rules SET epoch = ?3 WHERE class = ?1 AND key = ?2")
        .bind(held.id, rule.key, held.epoch)
        .run();
    db.statement(
          "INSERT OR REPLACE INTO refusals (class, key, seq, hub_seq, error, attempts, next_try) VALUES (?1, "
          "?2, 0, ?3, ?4, 1, NULL)")
        .bind(held.id, rule.key, rule.seq, why)
        .run();
}

/// What did not come with the full set.
void sweep(Connection& db, HeldClass& held) {
    std::vector<RuleKey> old;
    {
        auto rows =
            db.statement("SELECT key FROM rules WHERE class = ?1 AND epoch <> ?2 AND want IS NOT NULL");
        rows.bind(held.id, held.epoch);
        while (rows.step())
            if (const auto key = rows.packed<RuleKey>(0)) old.push_back(*key);
    }
    for (const auto& key : old)
        db.statement(
              "UPDATE rules SET want = NULL, seq = ?3, lane = 1, expires_at = NULL WHERE class = ?1 AND key "
              "= ?2")
            .bind(held.id, key, next_seq(held, Lane::bulk))
            .run();
    held.filling = false;
}

void note_position(Connection& db, HeldClass& held, Lane lane, std::int64_t hub_seq) {
    position(held.held, lane) = hub_seq;
    if (position(held.last, lane) <= position(held.recorded, lane)) {
        position(held.confirmed, lane) = hub_seq;
        return;
    }
    db.statement("INSERT OR REPLACE INTO marks (class, lane, seq, hub_seq) VALUES (?1, ?2, ?3, ?4)")
        .bind(held.id, number_of(lane), position(held.last, lane), hub_seq)
        .run();
}

}  // namespace

std::optional<HeldClass> find_held_class(Connection& db, std::string_view rules) {
    auto row = db.statement(
        "SELECT id, source, filling, epoch, last_seq, last_quick, last_bulk, quick, bulk, held_quick, "
        "held_bulk, "
        "confirmed_quick, confirmed_bulk FROM classes WHERE name = ?1");
    if (!row.bind(rules).step()) return std::nullopt;
    HeldClass held;
    held.id = row.integer(0);
    held.source = row.text(1);
    held.filling = row.integer(2) != 0;
    held.epoch = row.integer(3);
    held.last_seq = row.integer(4);
    held.last = {row.integer(5), row.integer(6)};
    held.recorded = {row.integer(7), row.integer(8)};
    held.held = {row.integer(9), row.integer(10)};
    held.confirmed = {row.integer(11), row.integer(12)};
    return held;
}

void save_held_class(Connection& db, const HeldClass& one) {
    db.statement(
          "UPDATE classes SET source = ?2, filling = ?3, epoch = ?4, last_seq = ?5, last_quick = ?6, "
          "last_bulk = "
          "?7, quick = ?8, bulk = ?9, held_quick = ?10, held_bulk = ?11, confirmed_quick = ?12, "
          "confirmed_bulk "
          "= ?13 WHERE id = ?1")
        .bind(one.id, one.source, one.filling ? 1 : 0, one.epoch, one.last_seq, one.last.quick, one.last.bulk,
              one.recorded.quick, one.recorded.bulk, one.held.quick, one.held.bulk, one.confirmed.quick,
              one.confirmed.bulk)
        .run();
}

SqliteHeldClasses::File::File(const std::filesystem::path& file)
    : db_(file, Access::owner, {.cache_kib = cache_kib}) {
    migrate(db_, FileKind::agent_rules, agent_rules_migrations());
    db_.execute("PRAGMA synchronous = NORMAL");  // the hub has it all; flush() comes before it is told
    log_ = std::make_unique<WalSync>(file);
}

Result<void> SqliteHeldClasses::File::flush() {
    try {
        log_->sync();
        return {};
    } catch (...) {
        return tl::unexpected<Error>(current_error(db_.file()));
    }
}

SqliteHeldClasses::SqliteHeldClasses(std::unique_ptr<File> file)
    : file_(std::move(file)), book_(std::make_unique<Book>(*file_)) {}
SqliteHeldClasses::~SqliteHeldClasses() = default;

Result<std::unique_ptr<SqliteHeldClasses>> SqliteHeldClasses::open(const std::filesystem::path& file) {
    try {
        return std::unique_ptr<SqliteHeldClasses>(new SqliteHeldClasses(std::make_unique<File>(file)));
    } catch (...) {
        return tl::unexpected<Error>(current_error(file.string()));
    }
}

store::ClassBook& SqliteHeldClasses::book() {
    return *book_;
}

void SqliteHeldClasses::on_progress(std::function<void()> heard) {
    file_->heard = std::move(heard);
}

Result<void> SqliteHeldClasses::flush() {
    return file_->flush();
}

Result<void> SqliteHeldClasses::keep(std::string_view rules, std::string_view shape) {
    return file_->write<void>([&](Connection& db) -> Result<void> {
        db.statement(
              "INSERT INTO classes VALUES (NULL, ?1, ?2, '', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) ON CONFLICT DO "
              "NOTHING")
            .bind(rules, shape)
            .run();
        auto held = find_held_class(db, rules).value_or(HeldClass{});
        {
            auto row = db.statement("SELECT shape FROM classes WHERE id = ?1");
            if (!row.bind(held.id).step() || row.view(0) == shape) return {};
        }
        forget_all(db, held.id);
        db.statement("UPDATE classes SET shape = ?2 WHERE id = ?1").bind(held.id, shape).run();
        held.source.clear();
        held.filling = false;
        held.epoch = 0;
        save_held_class(db, held);
        return {};
    });
}

Result<HeldPositions> SqliteHeldClasses::positions(std::string_view rules) {
    return file_->read<HeldPositions>([&](Connection& db) {
        const auto held = find_held_class(db, rules).value_or(HeldClass{});
        HeldPositions positions{held.source, held.held, held.confirmed};
        if (held.epoch > 1 || (held.epoch == 1 && !held.filling)) positions.use = HeldPositions::Use::ready;
        if (held.filling) positions.extent = HeldPositions::Extent::filling;
        if (held.last.quick > held.recorded.quick || held.last.bulk > held.recorded.bulk)
            positions.work = HeldPositions::Work::waiting;
        return positions;
    });
}

Result<void> SqliteHeldClasses::take(std::string_view rules, const HeldPage& page) {
    return file_->write<void>([&](Connection& db) -> Result<void> {
        auto held = find_held_class(db, rules);
        if (!held) return fail(ErrorCode::not_found, "this host keeps no rules " + std::string(rules));
        if (page.place == HeldPage::Place::first_of_all) begin_all(db, *held, page.source);
        if (page.source != held->source)
            return fail(ErrorCode::conflict, "a page of rules of another store than the ones before");
        auto unfit = page.unfit.begin();
        for (std::size_t i = 0; i < page.rules.size(); ++i)
            if (unfit != page.unfit.end() && unfit->first == i)
                put_unfit(db, *held, page.rules[i], (unfit++)->second);
            else
                put_rule(db, *held, page.rules[i]);
        if (held->filling && page.rest == HeldPage::Rest::none) sweep(db, *held);
        note_position(db, *held, Lane::quick, page.up_to.quick);
        note_position(db, *held, Lane::bulk, page.up_to.bulk);
        save_held_class(db, *held);
        return {};
    });
}

Result<std::vector<store::RefusedRule>> SqliteHeldClasses::refusals(std::string_view rules,
                                                                    std::size_t limit) {
    using Rules = std::vector<store::RefusedRule>;
    return file_->read<Rules>([&](Connection& db) {
        Rules all;
        const auto held = find_held_class(db, rules).value_or(HeldClass{});
        auto rows = db.statement(
            "SELECT key, hub_seq, error, attempts, next_try FROM refusals WHERE class = ?1 ORDER BY key "
            "LIMIT ?2");
        rows.bind(held.id, limit);
        while (rows.step())
            if (const auto key = rows.packed<RuleKey>(0))
                all.push_back({*key, rows.integer(1), rows.text(2), static_cast<int>(rows.integer(3)),
                               rows.optional_time(4)});
        return all;
    });
}

Result<std::size_t> SqliteHeldClasses::expire(Time now, std::size_t limit) {
    const auto ended = file_->write<std::size_t>([&](Connection& db) -> Result<std::size_t> {
        std::vector<std::pair<std::string, RuleKey>> due;
        {
            auto rows = db.statement(
                "SELECT c.name, r.key FROM (SELECT class, key FROM rules WHERE expires_at <= ?1 LIMIT ?2) r "
                "JOIN "
                "classes c ON c.id = r.class");
            rows.bind(now, limit);
            while (rows.step())
                if (const auto key = rows.packed<RuleKey>(1)) due.emplace_back(rows.text(0), *key);
        }
        for (const auto& [rules, key] : due) {
            auto held = find_held_class(db, rules).value_or(HeldClass{});
            db.statement(
                  "UPDATE rules SET want = NULL, expires_at = NULL, seq = ?3, lane = 0 WHERE class = ?1 AND "
                  "key = "
                  "?2")
                .bind(held.id, key, next_seq(held, Lane::quick))
                .run();
            save_held_class(db, held);
        }
        return due.size();
    });
    return ended;
}

Result<std::optional<Time>> SqliteHeldClasses::next_expiry() {
    return file_->read<std::optional<Time>>([](Connection& db) -> std::optional<Time> {
        auto row = db.statement("SELECT min(expires_at) FROM rules WHERE expires_at IS NOT NULL");
        return row.step() ? row.optional_time(0) : std::nullopt;
    });
}

}  // namespace garita::sqlite
