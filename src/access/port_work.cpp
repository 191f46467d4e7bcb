#include "access/port_work.hpp"

#include <algorithm>

#include "access/port_plan.hpp"
#include "access/port_restore.hpp"

namespace garita::access {
namespace {

using Kind = PortOutcome::Kind;
using What = Change::What;

PortOutcome outcome(Kind kind, std::string why = {}, Facts facts = {}) {
    return {kind, std::move(why), std::move(facts)};
}

PortOutcome refused(const Objection& objection) {
    return outcome(Kind::refused, objection.why, objection.facts);
}

PortOutcome away(const Error& error) {
    return outcome(Kind::later, "access.why.switch_fails", {{"said", error.text}});
}

/// Nothing was changed yet.
PortOutcome not_begun(const Error& error) {
    if (error.code == ErrorCode::unavailable) return away(error);
    const auto* why =
        error.code == ErrorCode::invalid ? "access.why.not_understood" : "access.why.switch_refused";
    return outcome(Kind::refused, why, {{"said", error.text}});
}

enum class Saved { no, perhaps };

/// Something may have been changed, and is to be as it was; where an earlier session may have saved it, after
/// a restart too.
PortOutcome take_back(SwitchSession& session, const PortJournal& journal, const Error& error, const char* why,
                      Saved saved) {
    if (error.code == ErrorCode::unavailable) return away(error);
    auto restored = restore_ports(session, journal);
    if (restored && saved == Saved::perhaps) restored = session.save();
    if (restored) return outcome(Kind::undone, why, {{"said", error.text}});
    if (restored.error().code == ErrorCode::unavailable) return away(restored.error());
    return outcome(
        Kind::left, "access.why.left",
        {{"said", error.text + "; " + restored.error().text}, {"place", journal.before.front().port.text()}});
}

Result<void> apply_all(SwitchSession& session, const PortJournal& journal) {
    for (const auto& change : journal.changes) {
        if (change.what == What::recover) continue;  // once all others are proven, or it trips again
        const auto done = change.what == What::secure ? apply_secure(session, change) : session.apply(change);
        if (!done) return done;
    }
    return {};
}

/// Proves what stands, brings the port up, saves.
Result<void> finish(SwitchSession& session, const PortJournal& journal, const BeforeSave& before_save) {
    const auto all = all_changes_stand(session, journal);
    if (!all) return tl::unexpected(all.error());
    if (!*all) return fail(ErrorCode::conflict, "the switch took the lines, but does not show all of them");
    if (const auto up = bring_up(session, journal); !up) return up;
    if (before_save)
        if (const auto go_on = before_save(); !go_on) return go_on;
    return session.save();
}

PortOutcome carry_out(SwitchSession& session, const PortOrder& order, const PortPlan& plan,
                      const KeepJournal& keep) {
    if (const auto kept = keep(plan.journal.text()); !kept) return away(kept.error());
    auto done = apply_all(session, plan.journal);
    if (done) done = finish(session, plan.journal, order.before_save);
    auto out = done ? outcome(Kind::secured)
                    : take_back(session, plan.journal, done.error(), "access.why.switch_refused", Saved::no);
    if (!done) return out;
    out.facts = plan.facts;
    out.warnings = plan.warnings;
    return out;
}

PortOutcome only_planned(const SwitchDriver& driver, const PortPlan& plan) {
    auto out = outcome(Kind::planned, {}, plan.facts);
    out.warnings = plan.warnings;
    for (const auto& change : plan.journal.changes)
        for (auto& line : driver.commands(change))
            out.commands.push_back(std::move(line));
    for (auto& line : driver.save_commands())
        out.commands.push_back(std::move(line));
    return out;
}

/// Nothing to change: what runs is what shall stay.
PortOutcome save_only(SwitchSession& session, const PortPlan& plan) {
    if (const auto saved = session.save(); !saved) return not_begun(saved.error());
    auto out = outcome(Kind::already, {}, plan.facts);
    out.warnings = plan.warnings;
    return out;
}

PortOutcome bring_about(SwitchSession& session, const SwitchDriver& driver, const PortOrder& order,
                        const PortPlan& plan, const KeepJournal& keep) {
    if (order.mode == PortOrder::Mode::only_plan) return only_planned(driver, plan);
    return plan.journal.changes.empty() ? save_only(session, plan) : carry_out(session, order, plan, keep);
}

/// Where an earlier session was cut between its lines and the save, a restart would bring the address back. A
/// switch that does not show what it has saved is told to save.
PortOutcome nothing_to_release(SwitchSession& session, const PortOrder& order) {
    if (order.mode == PortOrder::Mode::only_plan) return outcome(Kind::already);
    const auto saved = session.where_saved(order.mac);
    if (!saved && saved.error().code == ErrorCode::unavailable) return away(saved.error());
    if (saved && saved->empty()) return outcome(Kind::already);
    if (const auto done = session.save(); !done) return not_begun(done.error());
    return outcome(Kind::already);
}

struct Looked {
    std::vector<Elsewhere> ports{};
    std::optional<PortOutcome> refusal{};
};

/// The ports that let the address in, but for `besides`, each safe to touch.
Looked look_elsewhere(SwitchSession& session, const PortOrder& order,
                      const std::optional<PortName>& besides) {
    Looked out;
    const auto entries = session.where_secured(order.mac);
    if (!entries) return {{}, not_begun(entries.error())};
    for (const auto& entry : *entries) {
        if (besides && entry.port == *besides) continue;
        std::optional<Objection> objects = objection_to_port(entry.port, order.never);
        PortFacts facts;
        if (!objects) {
            auto read = session.facts(entry.port);
            if (!read) return {{}, not_begun(read.error())};
            facts = std::move(*read);
            objects = objection_to_touch(facts, order.never);
        }
        if (objects) {
            objects->facts["other"] = entry.port.text();
            return {{},
                    outcome(Kind::refused, std::string("access.why.elsewhere") + " " + objects->why,
                            objects->facts)};
        }
        out.ports.push_back({entry, std::move(facts)});
    }
    return out;
}

}  // namespace

PortOutcome secure_port(SwitchSession& session, const SwitchDriver& driver, const PortOrder& order,
                        const KeepJournal& keep) {
    if (const auto objects = objection_to_port(order.port, order.never)) return refused(*objects);
    const auto here = session.facts(order.port);
    if (!here) return not_begun(here.error());
    if (const auto objects = objection_to_touch(*here, order.never)) return refused(*objects);
    const bool secured = std::any_of(here->secured.begin(), here->secured.end(), [&](const SecuredMac& one) {
        return one.mac == order.mac && one.how != SecuredMac::How::learnt;
    });
    if (!secured)
        if (const auto objects = objection_to_secure(*here, order.mac)) return refused(*objects);
    auto others = look_elsewhere(session, order, order.port);
    if (others.refusal) return *others.refusal;
    const auto plan = plan_to_secure(*here, order.mac, others.ports);
    if (!plan) return refused(plan.error());
    return bring_about(session, driver, order, *plan, keep);
}

PortOutcome release_port(SwitchSession& session, const SwitchDriver& driver, const PortOrder& order,
                         const KeepJournal& keep) {
    const auto found = look_elsewhere(session, order, std::nullopt);
    if (found.refusal) return *found.refusal;
    if (found.ports.empty()) return nothing_to_release(session, order);
    return bring_about(session, driver, order, plan_to_release(found.ports), keep);
}

PortOutcome resume_port(SwitchSession& session, const PortJournal& journal, const BeforeSave& before_save) {
    constexpr auto* interrupted = "access.why.interrupted";
    if (journal.before.empty()) return outcome(Kind::undone, interrupted);
    const auto back = [&](const Error& error, const char* why) {
        return take_back(session, journal, error, why, Saved::perhaps);
    };
    if (journal.stage == PortJournal::Stage::undoing)
        return back({ErrorCode::conflict, "interrupted"}, interrupted);
    const auto all = all_changes_stand(session, journal);
    if (!all) return back(all.error(), interrupted);
    if (!*all) return back({ErrorCode::conflict, "interrupted"}, interrupted);
    const auto done = finish(session, journal, before_save);
    return done ? outcome(Kind::secured) : back(done.error(), "access.why.switch_refused");
}

}  // namespace garita::access
