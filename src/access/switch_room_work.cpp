// What a switch's room does within a session.

#include <algorithm>

#include "access/port_checks.hpp"
#include "access/switch_room.hpp"

namespace garita::access {
namespace {

/// An order that came to nothing after a crash is begun anew so often.
constexpr int most_tries_after_crash = 3;
/// Sessions that broke off, until people hear of it.
constexpr int tries_until_told = 5;
constexpr Duration next_look_at_port = std::chrono::minutes{1};
constexpr std::size_t most_remembered = 10000;

/// The device is plugged in somewhere behind this port.
bool leads_on(std::string_view why) {
    static constexpr std::string_view uplinks[] = {"access.why.trunk", "access.why.bundle",
                                                   "access.why.uplink", "access.why.not_a_port"};
    return std::find(std::begin(uplinks), std::end(uplinks), why) != std::end(uplinks);
}

}  // namespace

void SwitchRoom::write_notes(store::Transaction& transaction, std::vector<AccessLine>& lines) {
    for (const auto& line : lines)
        if (tools_.book.find(transaction, line.request)) tools_.book.add_line(transaction, line);
}

PortOrder SwitchRoom::order_of(const AccessRequest& request) const {
    PortOrder order;
    order.mac = request.mac;
    if (const auto port = PortName::parse(request.port)) order.port = *port;
    order.switch_name = settings_.login.name;
    order.never = settings_.never;
    if (request.dry_run || settings_.dry_run == DryRun::yes) order.mode = PortOrder::Mode::only_plan;
    return order;
}

/// Whoever forges events shall not keep a switch busy.
std::optional<Time> SwitchRoom::not_before(const AccessRequest& request, Time now) const {
    const auto port = PortName::parse(request.port);
    if (!port || !request.journal.empty()) return std::nullopt;
    const auto found = not_here_.find({request.id, *port});
    if (found == not_here_.end() || now < found->second) return std::nullopt;  // the clock was set back
    const auto next = found->second + next_look_at_port;
    return next > now ? std::optional(next) : std::nullopt;
}

Result<void> SwitchRoom::not_killed(AccessId request) {
    std::string killed_by;
    // a store that cannot be read does not tell of anybody
    (void)tools_.store.read([&](store::View& view) -> Result<void> {
        if (const auto row = tools_.book.find(view, request)) killed_by = row->killed_by;
        return {};
    });
    if (killed_by.empty()) return {};
    return fail(ErrorCode::conflict, killed_by + " wants it back");
}

Result<void> SwitchRoom::keep(AccessId request, const std::string& journal) {
    auto lines = notes_.take();
    auto kept = tools_.store.write([&](store::Transaction& transaction) -> Result<void> {
        auto row = tools_.book.find(transaction, request);
        if (!row || !row->killed_by.empty() ||
            (row->state != AccessState::waiting && row->state != AccessState::working)) {
            overtaken_ = true;
            return fail(ErrorCode::conflict, "the request was ended meanwhile");
        }
        write_notes(transaction, lines);
        row->state = AccessState::working;
        row->journal = journal;
        if (tools_.book.update(transaction, *row)) return {};
        return fail(ErrorCode::conflict, "the request was changed meanwhile");
    });
    if (kept || !overtaken_) return kept;
    // what was said until then is kept all the same
    const auto noted = tools_.store.write([&](store::Transaction& transaction) -> Result<void> {
        write_notes(transaction, lines);
        return {};
    });
    return noted ? kept : noted;
}

PortOutcome SwitchRoom::carry_out(SwitchSession& session, const AccessRequest& request) {
    overtaken_ = false;
    auto order = order_of(request);
    order.before_save = [this, id = request.id] { return not_killed(id); };
    if (!request.journal.empty()) {
        auto journal = PortJournal::parse(request.journal);
        if (!journal)
            return {PortOutcome::Kind::left,
                    "access.why.left",
                    {{"said", "the journal cannot be read"}, {"place", request.port}}};
        if (!request.killed_by.empty()) journal->stage = PortJournal::Stage::undoing;
        return resume_port(session, *journal, order.before_save);
    }
    if (auto held = held_elsewhere(request)) return *held;
    return secure_port(session, tools_.driver, order,
                       [this, id = request.id](const std::string& journal) { return keep(id, journal); });
}

/// Anybody can send a line in a switch's name: what a check says against a port ends a request only where the
/// device is really there.
SwitchRoom::Here SwitchRoom::is_here(SwitchSession& session, const AccessRequest& request,
                                     const PortOutcome& outcome) {
    if (leads_on(outcome.why)) return Here::no;
    const auto port = order_of(request).port;
    const auto facts = session.facts(port);
    if (!facts) return Here::not_told;
    const bool here = facts->last_source == request.mac ||
                      std::any_of(facts->seen.begin(), facts->seen.end(),
                                  [&](const SeenMac& one) { return one.mac == request.mac; }) ||
                      std::any_of(facts->secured.begin(), facts->secured.end(),
                                  [&](const SecuredMac& one) { return one.mac == request.mac; });
    return here ? Here::yes : Here::no;
}

Result<void> SwitchRoom::finish(SwitchSession& session, const AccessRequest& request,
                                const PortOutcome& outcome) {
    using Kind = PortOutcome::Kind;
    const auto here = outcome.kind == Kind::refused ? is_here(session, request, outcome) : Here::yes;
    const bool not_here = here != Here::yes;
    const auto now = tools_.clock();
    auto lines = notes_.take();
    if (not_here) {
        const auto* found = leads_on(outcome.why)    ? "the device is behind another switch"
                            : here == Here::not_told ? "the switch does not show whether the device is there"
                                                     : "the device is not there";
        lines.push_back({0, request.id, now, AccessLine::Kind::note, settings_.login.name,
                         outcome.why + " at " + request.port + ": " + found + ". Waiting on."});
        if (not_here_.size() > most_remembered) not_here_.clear();
        not_here_.insert_or_assign({request.id, order_of(request).port}, now);
    }
    return tools_.store.write([&](store::Transaction& transaction) -> Result<void> {
        write_notes(transaction, lines);
        const auto row = tools_.book.find(transaction, request.id);
        if (!row || !is_open(row->state) || overtaken_) return {};
        if (outcome.kind == Kind::later || outcome.kind == Kind::forbidden)
            return try_later(transaction, *row, outcome, now);
        if (not_here) return wait_on(transaction, *row);
        if (outcome.kind == Kind::undone && !request.journal.empty() && row->killed_by.empty() &&
            row->tries < most_tries_after_crash) {
            auto again = *row;  // a crash cut it short: it is begun anew
            again.state = AccessState::waiting;
            again.journal.clear();
            ++again.tries;
            again.next_try.reset();
            if (tools_.book.update(transaction, again)) return {};
        }
        return end(transaction, *row, outcome, now);
    });
}

Result<void> SwitchRoom::end(store::Transaction& transaction, AccessRequest row, const PortOutcome& outcome,
                             Time now) {
    auto ending = ending_of(outcome);
    if (!ending) return {};
    if (!row.killed_by.empty() && outcome.kind == PortOutcome::Kind::undone)
        *ending = {AccessState::killed, {}, {{"who", row.killed_by}}};
    else if (!row.killed_by.empty() && ending->state == AccessState::done)
        ending->warnings.emplace_back("access.warn.kill_too_late");
    if (outcome.kind == PortOutcome::Kind::planned) row.dry_run = true;
    if (!closer_.end(transaction, row, *ending, now))
        return fail(ErrorCode::conflict, row.tracking() + " was changed meanwhile", Retry::later);
    if (ending->state != AccessState::done || row.dry_run) return {};
    for (auto survey : tools_.book.surveys(transaction, row.id)) {
        if (survey.switch_name != settings_.login.name || survey.cleared) continue;
        survey.asked_at = survey.asked_at.value_or(now);  // moved within this switch with the same changes
        survey.cleared = true;
        tools_.book.put_survey(transaction, survey);
    }
    return {};
}

Result<void> SwitchRoom::wait_on(store::Transaction& transaction, AccessRequest row) {
    row.state = AccessState::waiting;
    row.switch_name.clear();
    row.port.clear();
    row.seen_at.reset();
    row.next_try.reset();
    if (tools_.book.update(transaction, row)) return {};
    return fail(ErrorCode::conflict, row.tracking() + " was changed meanwhile", Retry::later);
}

/// A session broke in the middle: not a switch that is away, which takes none of the tries.
Result<void> SwitchRoom::try_later(store::Transaction& transaction, AccessRequest row,
                                   const PortOutcome& outcome, Time now) {
    ++row.tries;
    if (row.tries == tries_until_told) {
        auto facts = tools_.letters.facts_of(row);
        facts.insert_or_assign("switch", settings_.login.name);
        const auto said = outcome.facts.find("said");
        facts.insert_or_assign("error", said == outcome.facts.end() ? outcome.why : said->second);
        tools_.letters.notify(transaction, object_of(row), {"access.session_breaks", facts}, now);
    }
    row.next_try = now + (outcome.kind == PortOutcome::Kind::forbidden ? Duration(std::chrono::hours{1})
                                                                       : back_off(row.tries));
    if (tools_.book.update(transaction, row)) return {};
    return fail(ErrorCode::conflict, row.tracking() + " was changed meanwhile", Retry::later);
}

Result<void> SwitchRoom::put(const AccessSurvey& survey, const std::optional<LetterText>& trouble) {
    auto lines = notes_.take();
    const auto now = tools_.clock();
    return tools_.store.write([&](store::Transaction& transaction) -> Result<void> {
        write_notes(transaction, lines);
        if (tools_.book.find(transaction, survey.request)) tools_.book.put_survey(transaction, survey);
        if (trouble)
            tools_.letters.notify(transaction, "access switch " + settings_.login.name, *trouble, now);
        return {};
    });
}

/// Why the address must not be taken out of this port: a key of the catalogue; empty: it may be.
std::string SwitchRoom::objection_at(SwitchSession& session, const PortName& port) const {
    if (const auto objects = objection_to_port(port, settings_.never)) return objects->why;
    const auto facts = session.facts(port);
    if (!facts) return {};  // it is looked at again before anything is taken out
    const auto objects = objection_to_touch(*facts, settings_.never);
    return objects ? objects->why : std::string();
}

/// Another switch lets the address in where it cannot be taken out: nothing is changed here then.
std::optional<PortOutcome> SwitchRoom::held_elsewhere(const AccessRequest& request) {
    std::vector<AccessSurvey> surveys;
    const auto looked = tools_.store.read([&](store::View& view) -> Result<void> {
        surveys = tools_.book.surveys(view, request.id);
        return {};
    });
    if (!looked) return std::nullopt;
    for (const auto& one : surveys)
        if (one.switch_name != settings_.login.name && one.asked_at && !one.cleared &&
            one.error.starts_with("access.why."))
            return PortOutcome{PortOutcome::Kind::refused,
                               std::string("access.why.elsewhere") + " " + one.error,
                               {{"other", one.switch_name + ' ' + one.ports}, {"place", one.ports}}};
    return std::nullopt;
}

Result<SwitchRoom::Session> SwitchRoom::ask(SwitchSession& session, AccessSurvey survey) {
    const auto now = tools_.clock();
    std::optional<MacAddress> mac;
    const auto looked = tools_.store.read([&](store::View& view) -> Result<void> {
        if (const auto request = tools_.book.find(view, survey.request)) mac = request->mac;
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    if (!mac) return Session::goes_on;
    const auto where = session.where_secured(*mac);
    survey.error = where ? std::string() : where.error().text;
    if (where) {
        survey.asked_at = now;
        survey.next_try.reset();
        for (const auto& one : *where) {
            survey.ports += (survey.ports.empty() ? "" : ",") + one.port.text();
            if (survey.error.empty()) survey.error = objection_at(session, one.port);
        }
        survey.cleared = survey.ports.empty();
    } else {
        survey.next_try = now + std::chrono::minutes{5};
    }
    if (const auto kept = put(survey); !kept) return tl::unexpected(kept.error());
    const bool lost = !where && where.error().code == ErrorCode::unavailable;
    return lost ? Session::ended : Session::goes_on;
}

Result<SwitchRoom::Session> SwitchRoom::clear(SwitchSession& session, AccessSurvey survey,
                                              const AccessRequest& request) {
    using Kind = PortOutcome::Kind;
    Kind kind = Kind::already;
    std::optional<LetterText> trouble;
    if (request.switch_name != settings_.login.name && !request.dry_run && settings_.dry_run == DryRun::no) {
        // asked again after a crash it finds what is left to do: nothing has to be kept
        const auto outcome = release_port(session, tools_.driver, order_of(request),
                                          [](const std::string&) { return Result<void>{}; });
        kind = outcome.kind;
        survey.error = outcome.why;
        if (kind != Kind::secured && kind != Kind::already)
            notes_.noted("the address was not taken out here: " + outcome.why);
        if (kind == Kind::refused || kind == Kind::undone || kind == Kind::left)
            trouble = not_taken_out(request, survey, outcome);
    }
    const bool lost = kind == Kind::later || kind == Kind::forbidden;
    survey.cleared = !lost;
    if (lost) survey.next_try = tools_.clock() + std::chrono::minutes{1};
    if (const auto kept = put(survey, trouble); !kept) return tl::unexpected(kept.error());
    return lost ? Session::ended : Session::goes_on;
}

LetterText SwitchRoom::not_taken_out(const AccessRequest& request, const AccessSurvey& survey,
                                     const PortOutcome& outcome) const {
    auto facts = tools_.letters.facts_of(request);
    facts.insert_or_assign("switch", settings_.login.name);
    facts.insert_or_assign("ports", survey.ports);
    const auto said = outcome.facts.find("said");
    facts.insert_or_assign("error",
                           said == outcome.facts.end() ? outcome.why : outcome.why + ": " + said->second);
    return {"access.not_taken_out", std::move(facts)};
}

}  // namespace garita::access
