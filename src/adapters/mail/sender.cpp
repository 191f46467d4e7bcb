#include "adapters/mail/sender.hpp"

#include <algorithm>

namespace garita::mail {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t new_rows_at_once = 500;
constexpr std::size_t crowd = 100;
constexpr Duration idle = 60s;
constexpr Duration between_settlements = 5s;

}  // namespace

Sender::Sender(Courier& courier, store::Store& store, const decide::Catalogue& texts, Health& health,
               Settings settings, runtime::Log log)
    : courier_(courier),
      store_(store),
      texts_(texts),
      health_(health),
      settings_(std::move(settings)),
      log_(std::move(log)) {}

Duration Sender::rest() const {
    return crowd_ ? Duration{1s} : Duration{200ms};
}

Result<void> Sender::open() {
    if (ids_) return {};
    auto ids = LetterIds::open(store_, settings_.from);
    if (!ids) return tl::unexpected(std::move(ids.error()));
    ids_ = std::move(*ids);
    return {};
}

Result<Duration> Sender::step(Time now) {
    next_look_ = idle;
    if (auto opened = open(); !opened) return tl::unexpected(std::move(opened.error()));
    if (auto done = take_results(now); !done) return tl::unexpected(std::move(done.error()));
    const auto more = enqueue();
    if (!more) return tl::unexpected(more.error());
    // rows that wait for the end of quiet hours are not in sight until then
    for (const auto& to : settings_.to)
        if (const auto end = to.quiet.end_after(now)) wait_until(*end, now);
    auto outlook = look(now);
    if (!outlook) return tl::unexpected(std::move(outlook.error()));
    if (auto done = settle(outlook->settled, now); !done) return tl::unexpected(std::move(done.error()));
    health_.wait(outlook->waiting);
    crowd_ = outlook->waiting > crowd;
    // the worst of a crowd goes first: all of it has to be seen
    if (*more && outlook->waiting < rows_at_once) return Duration{0};
    if (auto begun = begin_letters(*outlook, now); !begun) return tl::unexpected(std::move(begun.error()));
    return *more ? Duration{0} : next_look_;
}

void Sender::wait_until(Time due, Time now) {
    next_look_ = std::min(next_look_, std::max<Duration>(due - now, 1ms));
}

const Recipient* Sender::recipient(std::string_view address) const {
    const auto found = std::find_if(settings_.to.begin(), settings_.to.end(),
                                    [&](const Recipient& one) { return one.address == address; });
    return found == settings_.to.end() ? nullptr : &*found;
}

Result<bool> Sender::enqueue() {
    const auto missing = [&](store::View& view, const Recipient& to) {
        return view.cases_without_message(channel_name, to.address, new_rows_at_once);
    };
    bool some = false;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        some = std::any_of(settings_.to.begin(), settings_.to.end(),
                           [&](const Recipient& to) { return !missing(view, to).empty(); });
        return {};
    });
    if (!read) return tl::unexpected(std::move(read.error()));
    if (!some) return false;
    bool more = false;
    auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        more = false;
        for (const auto& to : settings_.to) {
            const auto cases = missing(transaction, to);
            more = more || cases.size() == new_rows_at_once;
            for (const auto& about : cases) {
                Message row;
                row.case_id = about.id;
                row.channel = channel_name;
                row.place = to.address;
                (void)transaction.insert_message(row);
            }
        }
        return {};
    });
    if (!written) return tl::unexpected(std::move(written.error()));
    return more;
}

Result<Sender::Outlook> Sender::look(Time now) {
    Outlook outlook;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        outlook = {};
        for (auto& message : view.stale_messages(channel_name, now, rows_at_once))
            look_at(view, std::move(message), now, outlook);
        return {};
    });
    if (!read) return tl::unexpected(std::move(read.error()));
    return outlook;
}

void Sender::look_at(store::View& view, Message message, Time now, Outlook& outlook) {
    const auto* const to = recipient(message.place);
    auto about = view.find_case(message.case_id);
    if (!about) return;
    if (to == nullptr) {
        message.abandoned = true;
        message.last_error = "no recipient of the configuration any more";
        outlook.settled.push_back(std::move(message));
        return;
    }
    const auto told = parse_told(message.external_id);
    const auto wanted = wish(*about, told, *to, now);
    switch (wanted.kind) {
        case Wish::Kind::later:
            wait_until(now + wanted.in, now);
            return;
        case Wish::Kind::letter:
            ++outlook.waiting;
            outlook.tasks[to->address].push_back({std::move(message), std::move(*about), told, wanted.stage});
            return;
        case Wish::Kind::withhold:
            message.external_id = to_text(Told{Stage::withheld, about->severity, 0, {}, told.lapse});
            break;
        case Wish::Kind::hold:
            wait_until(now + wanted.in, now);
            decide::hold_back(message, *about, told, wanted, now);
            outlook.settled.push_back(std::move(message));
            return;
        case Wish::Kind::nothing:
            break;
    }
    message.shown_version = about->version;
    outlook.settled.push_back(std::move(message));
}

/// A case that counts on changes often, and that nothing is told of it can be written down at leisure.
Result<void> Sender::settle(const std::vector<Message>& rows, Time now) {
    if (rows.empty()) return {};
    if (now >= settled_at_ && now < settled_at_ + between_settlements) {
        wait_until(settled_at_ + between_settlements, now);
        return {};
    }
    settled_at_ = now;
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (const auto& row : rows)
            transaction.update_message(row);
        return {};
    });
}

Result<void> Sender::begin_letters(Outlook& outlook, Time now) {
    if (courier_.paused_until() > now) {
        wait_until(courier_.paused_until(), now);
        return {};
    }
    // rows that wait for their lane are not in sight until then
    for (const auto& [address, lane] : courier_.lanes())
        if (lane.paused_until > now) wait_until(lane.paused_until, now);
    std::vector<const Recipient*> order;
    for (const auto& [address, tasks] : outlook.tasks)
        order.push_back(recipient(address));
    std::stable_sort(order.begin(), order.end(), [this](const Recipient* a, const Recipient* b) {
        return courier_.last_begun(a->address) < courier_.last_begun(b->address);
    });
    for (const auto* const to : order) {
        if (!courier_.has_room()) return {};
        if (!courier_.is_free(to->address, now)) continue;
        if (auto begun = begin(*to, std::move(outlook.tasks[to->address]), now); !begun) return begun;
    }
    return {};
}

}  // namespace garita::mail
