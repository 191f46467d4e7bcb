// What the server's answers mean for letters, recipients and the whole channel.
#include "adapters/mail/sender.hpp"

namespace garita::mail {

namespace {

using Kind = Delivery::Kind;

}  // namespace

Result<void> Sender::take_results(Time now) {
    for (const auto& delivery : courier_.take_finished(Courier::Writer::cases)) {
        auto node = flights_.extract(delivery.ticket);
        if (node.empty()) continue;
        auto& flight = node.mapped();
        auto done = delivery.kind == Kind::taken     ? taken(std::move(flight), delivery, now)
                    : delivery.kind == Kind::refused ? give_up(std::move(flight), delivery.text, now)
                                                     : not_taken(std::move(flight), delivery, now);
        if (!done) return done;
    }
    return {};
}

Result<void> Sender::not_taken(Flight flight, const Delivery& delivery, Time now) {
    log_.warning("the mail server did not take a letter",
                 {{"to", flight.to}, {"cases", flight.rows.size()}, {"answer", delivery.text}});
    const auto again = courier_.not_taken(flight.to, delivery, now);
    wait_until(again, now);
    const bool one_more = delivery.kind == Kind::later;
    for (auto& row : flight.rows) {
        // what is the server's fault is tried as soon as there is another server, or another password
        if (one_more) {
            row.message.next_try = again;
            ++row.message.attempts;
        }
        if (delivery.maybe_taken) continue;  // what is on its way stays marked so
        row.message.sending_since.reset();
        row.message.last_error = delivery.text;
    }
    if (flight.rows.front().message.attempts >= most_attempts)
        return give_up(std::move(flight), "refused for days: " + delivery.text, now);
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (const auto& row : flight.rows)
            transaction.update_message(row.message);
        if (one_more && crowd_) put_off(transaction, flight.to, again, now);
        return {};
    });
}

/// A look at the store is bounded: what waits for one recipient must not hide what others may get.
void Sender::put_off(store::Transaction& transaction, std::string_view address, Time until, Time now) {
    for (auto& row : transaction.stale_messages(channel_name, now, rows_at_once)) {
        if (row.place != address) continue;
        row.next_try = until;
        transaction.update_message(row);
    }
}

Result<void> Sender::give_up(Flight flight, const std::string& why, Time now) {
    log_.warning("a letter is given up", {{"to", flight.to}, {"cases", flight.rows.size()}, {"reason", why}});
    courier_.refused(flight.to, why);
    const auto object = flight.digest > 0
                            ? "mail " + flight.to
                            : "case " + std::to_string(flight.rows.front().message.case_id.value);
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (auto& row : flight.rows) {
            row.message.abandoned = true;
            row.message.sending_since.reset();
            row.message.last_error = why;
            transaction.update_message(row.message);
        }
        (void)transaction.add_audit({0,
                                     now,
                                     {Actor::Kind::system, "mail", "mail", Role::administrator},
                                     "message_given_up",
                                     object,
                                     "to " + flight.to + ": " + why});
        return {};
    });
}

}  // namespace garita::mail
