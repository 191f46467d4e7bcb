// Messages of the memory store, and the tickets on their buttons.

#include <set>
#include <stdexcept>

#include "fakes/memory_transaction.hpp"

namespace garita::fakes {

std::vector<Case> MemoryTransaction::cases_without_message(std::string_view channel, std::string_view place,
                                                           std::size_t limit) {
    std::set<CaseId> shown;
    for (const auto& [id, message] : state_.messages)
        if (message.channel == channel && message.place == place) shown.insert(message.case_id);
    std::vector<Case> all;
    for (const auto& [id, one] : state_.cases)
        if (all.size() < limit && one.state == CaseState::open && !shown.contains(one.id)) all.push_back(one);
    return all;
}

std::vector<Message> MemoryTransaction::stale_messages(std::string_view channel, Time now,
                                                       std::size_t limit) {
    std::vector<Message> all;
    for (const auto& [id, one] : state_.messages) {
        const bool stale = one.external_id.empty() || one.shown_version < must_case(one.case_id).version;
        const bool due = !one.abandoned && (!one.next_try || *one.next_try <= now);
        if (all.size() < limit && one.channel == channel && stale && due) all.push_back(one);
    }
    return all;
}

void MemoryTransaction::release_held(CaseId id) {
    for (auto& [key, one] : state_.messages)
        if (one.case_id == id && one.last_error == held_back) one.next_try.reset();
}

std::vector<Message> MemoryTransaction::messages_of(CaseId id) {
    std::vector<Message> all;
    for (const auto& [key, one] : state_.messages)
        if (one.case_id == id) all.push_back(one);
    return all;
}

std::optional<ButtonTicket> MemoryTransaction::find_ticket(std::string_view ticket) {
    const auto at = state_.tickets.find(ticket);
    return at == state_.tickets.end() ? std::nullopt : std::optional(at->second);
}

std::int64_t MemoryTransaction::insert_message(const Message& message) {
    must_case(message.case_id);
    for (const auto& one : messages_of(message.case_id))
        if (one.channel == message.channel && one.place == message.place)
            throw std::logic_error("this case has a message in this place already");
    auto& stored = state_.messages[++state_.last_id] = message;
    return stored.id = state_.last_id;
}

void MemoryTransaction::update_message(const Message& message) {
    const auto at = state_.messages.find(message.id);
    if (at == state_.messages.end()) return;
    Message changed = message;
    changed.case_id = at->second.case_id;
    changed.channel = at->second.channel;
    changed.place = at->second.place;
    at->second = std::move(changed);
}

void MemoryTransaction::move_messages(std::string_view channel, std::string_view from_place,
                                      std::string_view to_place) {
    std::set<CaseId> there;
    for (const auto& [id, one] : state_.messages)
        if (one.channel == channel && one.place == to_place) there.insert(one.case_id);
    const auto moves = [&](const Message& one) { return one.channel == channel && one.place == from_place; };
    std::erase_if(state_.messages,
                  [&](const auto& one) { return moves(one.second) && there.contains(one.second.case_id); });
    for (auto& [id, one] : state_.messages) {
        if (!moves(one)) continue;
        const auto state = must_case(one.case_id).state;
        one.place = to_place;
        one.external_id.clear();
        one.shown_version = 0;
        one.sending_since.reset();
        one.next_try.reset();
        if (state != CaseState::open && state != CaseState::decided) one.abandoned = true;
    }
    for (auto& [key, one] : state_.tickets)
        if (one.channel == channel && one.place == from_place) one.place = to_place;
}

void MemoryTransaction::insert_tickets(const std::vector<ButtonTicket>& tickets) {
    for (const auto& one : tickets) {
        must_case(one.case_id);
        if (!state_.tickets.emplace(one.ticket, one).second)
            throw std::logic_error("this ticket is there already");
    }
}

}  // namespace garita::fakes
