#include "adapters/telegram/question.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <sodium.h>

#include "adapters/telegram/ticket.hpp"
#include "decide/foreign_text.hpp"
#include "model/alert_kinds.hpp"
#include "store/kept_key.hpp"

namespace garita::telegram {

namespace {

constexpr std::string_view key_name = "telegram.ticket_key";
constexpr std::size_t max_units = 4096;
constexpr std::size_t in_a_row = 2;  ///< buttons side by side: labels stay readable on a phone

bool is_offered(const Case& about, Response response) {
    return std::find(about.responses.begin(), about.responses.end(), response) != about.responses.end();
}

/// The buttons of its kind that this case has ground for; the other answers can be typed. A block that waits
/// to be confirmed has one button.
std::vector<Response> buttons(const Case& about, Settings::Taking taking) {
    std::vector<Response> shown;
    if (waits_for_confirmation(about)) return {Response::confirm};
    for (const auto response : buttons_of(about.kind)) {
        // while nobody has answered, the two usual answers; the others are typed until then
        const bool later = response == Response::start_work || response == Response::resolve;
        if (later && about.state == CaseState::open && is_offered(about, Response::approve)) continue;
        if (is_offered(about, response)) shown.push_back(response);
    }
    if (taking == Settings::Taking::on && about.state == CaseState::open)
        shown.push_back(Response::acknowledge);
    return shown;
}

}  // namespace

Result<TicketMint> TicketMint::open(store::Store& store) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium cannot be started");
    return store::kept_key(store, key_name).map([](std::string key) { return TicketMint(std::move(key)); });
}

std::string TicketMint::ticket(CaseId about, Response response, const Place& place) const {
    const std::string meaning =
        std::to_string(about.value) + ' ' + std::string(to_text(response)) + ' ' + to_text(place);
    TicketBytes hash{};
    crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(meaning.data()),
                       meaning.size(), reinterpret_cast<const unsigned char*>(key_.data()), key_.size());
    return ticket_text(hash);
}

std::string_view mark(const Case& about) {
    if (about.state != CaseState::open) return about.state == CaseState::expired ? "⌛ " : "✅ ";
    switch (about.severity) {
        case Severity::critical:
            return "🔴 ";
        case Severity::warning:
            return "🟠 ";
        case Severity::info:
            return "🔵 ";
    }
    return "";
}

bool has_buttons(const Case& about) {
    return about.state == CaseState::open || waits_for_confirmation(about) || is_at_source(about.kind);
}

bool waits_for_confirmation(const Case& about) {
    return about.provisional && about.provisional->state == Provisional::State::waiting;
}

Text question_text(const Case& about, const Progress& progress, const Notes& notes,
                   const decide::Reader& reader) {
    std::string tail;
    if (notes.was_away_until && about.state == CaseState::open)
        tail += "\n\n" + reader.text("telegram.was_away", {{"time", reader.time(*notes.was_away_until)}});
    if (notes.may_be_twice) tail += "\n\n" + reader.text("telegram.twice");
    const std::string head(mark(about));
    const auto room = max_units - decide::utf16_length(head) - decide::utf16_length(tail);
    Text text{head + decide::plain_text(about, progress, reader, room) + tail, 0};
    text.bold_units = decide::utf16_length(std::string_view(text.plain).substr(0, text.plain.find('\n')));
    return text;
}

Keyboard question_keyboard(const Case& about, const Place& place, const TicketMint& mint,
                           Settings::Taking taking, const decide::Reader& reader) {
    Keyboard keyboard;
    if (!has_buttons(about)) return keyboard;
    for (const auto response : buttons(about, taking)) {
        const bool own_row = response == Response::acknowledge;
        if (keyboard.empty() || keyboard.back().size() == in_a_row || own_row) keyboard.emplace_back();
        keyboard.back().push_back(
            {decide::response_label(response, reader), mint.ticket(about.id, response, place)});
    }
    return keyboard;
}

void keep_tickets(store::Transaction& transaction, const Case& about, const Place& place,
                  const TicketMint& mint, Settings::Taking taking, Time now) {
    std::vector<ButtonTicket> fresh;
    for (const auto response : buttons(about, taking)) {
        auto ticket = mint.ticket(about.id, response, place);
        if (transaction.find_ticket(ticket)) continue;
        fresh.push_back(
            {std::move(ticket), about.id, response, std::string(channel_name), to_text(place), now});
    }
    if (!fresh.empty()) transaction.insert_tickets(fresh);
}

}  // namespace garita::telegram
