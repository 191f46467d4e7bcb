#include "access/request_closer.hpp"

#include "access/record.hpp"

namespace garita::access {

namespace {

std::string words_of(const AccessRequest& request, const Ending& ending) {
    std::string words = "access." + std::string(to_text(ending.state));
    if (ending.state == AccessState::done && request.dry_run) words = "access.planned";
    if (!ending.why.empty()) words += ' ' + ending.why;
    for (const auto& warning : ending.warnings)
        words += ' ' + warning;
    return words;
}

/// "access.why.trunk (port GigabitEthernet1/0/1)"
std::string why_text(const Ending& ending) {
    std::string text = ending.why;
    for (const auto& warning : ending.warnings)
        text += (text.empty() ? "" : ", ") + warning;
    std::string facts;
    for (const auto& [name, value] : ending.facts)
        facts.append(facts.empty() ? "" : ", ").append(name).append(" ").append(value);
    if (facts.empty()) return text;
    return text + (text.empty() ? "" : " ") + '(' + facts + ')';
}

std::string log_text(const AccessRequest& request, const Ending& ending) {
    std::string text = "ended: " + std::string(to_text(ending.state));
    if (ending.by.kind != Actor::Kind::system) text += " by " + ending.by.text();
    if (const auto why = why_text(ending); !why.empty()) text += ", " + why;
    if (!ending.commands.empty()) text += request.dry_run ? "\nwould be sent:" : "\ncommands:";
    for (const auto& command : ending.commands)
        text += "\n  " + command;
    return clean_lines(text, std::size_t{64} << 10U);
}

}  // namespace

std::string object_of(const AccessRequest& request) {
    return "access " + request.tracking();
}

std::optional<Ending> ending_of(const PortOutcome& outcome) {
    Ending ending;
    switch (outcome.kind) {
        case PortOutcome::Kind::later:
        case PortOutcome::Kind::forbidden:
            return std::nullopt;
        case PortOutcome::Kind::secured:
        case PortOutcome::Kind::already:
        case PortOutcome::Kind::planned:
            ending.state = AccessState::done;
            break;
        case PortOutcome::Kind::refused:
        case PortOutcome::Kind::undone:
        case PortOutcome::Kind::left:
            ending.state = AccessState::failed;
            break;
    }
    ending.why = outcome.why;
    ending.facts = outcome.facts;
    ending.warnings = outcome.warnings;
    ending.commands = outcome.commands;
    return ending;
}

bool RequestCloser::end(store::Transaction& transaction, AccessRequest request, const Ending& ending,
                        Time now) const {
    const auto stored = book_.find(transaction, request.id);
    if (!stored || !is_open(stored->state) || stored->version != request.version) return false;
    request.state = ending.state;
    request.ended_at = now;
    request.outcome = ending.why;
    request.facts = ending.facts;
    request.journal.clear();
    request.next_try.reset();
    request.code_digest.clear();
    request.code_expires.reset();
    if (!book_.update(transaction, request)) return false;
    book_.add_line(transaction, {0, request.id, now, AccessLine::Kind::note, {}, log_text(request, ending)});
    auto detail = request.mac.text();
    if (!request.switch_name.empty()) detail += " at " + request.switch_name + ' ' + request.port;
    if (const auto why = why_text(ending); !why.empty()) detail += ": " + why;
    auto by = ending.by;
    if (by.name.empty()) by = {Actor::Kind::system, "access desk", {}, Role::administrator};
    (void)transaction.add_audit(
        {0, now, by, "access_" + std::string(to_text(ending.state)), object_of(request), detail});
    Facts facts = ending.facts;
    for (const auto& [name, value] : letters_.facts_of(request))
        if (const auto [fact, is_new] = facts.emplace(name, value); !is_new && !value.empty())
            fact->second = value;
    if (ending.by.kind != Actor::Kind::system) facts.insert_or_assign("who", ending.by.text());
    letters_.tell(
        transaction, request,
        {words_of(request, ending), facts, record_text(transaction, book_, request, letters_.clock())}, now);
    return true;
}

}  // namespace garita::access
