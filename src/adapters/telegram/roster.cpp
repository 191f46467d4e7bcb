#include "adapters/telegram/roster.hpp"

#include <algorithm>

namespace garita::telegram {

namespace {

using namespace std::chrono_literals;

// strangers ask for free: neither the disk nor an administrator's evening is theirs
constexpr std::size_t most_waiting = 20;
constexpr std::int64_t most_an_hour = 20;
constexpr Duration ignored_for = 24h;
constexpr Duration waits_for = 7 * 24h;  ///< then somebody else may ask in its place
constexpr std::size_t most_allowed = 200;
constexpr std::size_t most_banned = 1000;
constexpr std::size_t most_over = 100;  ///< that are remembered only to show what became of them

constexpr std::array<std::pair<Standing, std::string_view>, 5> words = {{{Standing::waiting, "waiting"},
                                                                         {Standing::allowed, "allowed"},
                                                                         {Standing::ignored, "ignored"},
                                                                         {Standing::banned, "banned"},
                                                                         {Standing::closed, "closed"}}};

/// Within this span after `since`; a clock that was set back ends it.
bool within(Time since, Duration span, Time now) {
    return now >= since && now < since + span;
}

/// Which of two words about one chat counts.
int weight(Standing standing) {
    switch (standing) {
        case Standing::banned:
            return 4;
        case Standing::allowed:
            return 3;
        case Standing::ignored:
            return 2;
        case Standing::waiting:
            return 1;
        case Standing::closed:
            break;
    }
    return 0;
}

bool is_over(const Guest& guest, Time now) {
    return guest.standing == Standing::closed ||
           (guest.standing == Standing::ignored && !within(guest.at, ignored_for, now));
}

}  // namespace

std::string_view to_text(Standing standing) {
    for (const auto& [known, word] : words)
        if (known == standing) return word;
    return "closed";
}

std::optional<Standing> parse_standing(std::string_view word) {
    for (const auto& [standing, known] : words)
        if (known == word) return standing;
    return std::nullopt;
}

bool Roster::hour_is_full(Time now) const {
    return asked_ >= most_an_hour && within(hour_, 1h, now);
}

Roster::Asked Roster::may_ask(std::int64_t chat, Time now) const {
    const auto* guest = find(chat);
    if (guest != nullptr && guest->standing == Standing::waiting && within(guest->at, waits_for, now))
        return Asked::waiting;
    const bool settled = guest != nullptr && guest->standing != Standing::waiting && !is_over(*guest, now);
    if (settled) return Asked::not_now;
    const auto waiting = std::count_if(guests_.begin(), guests_.end(), [&](const Guest& g) {
        return g.standing == Standing::waiting && within(g.at, waits_for, now);
    });
    const bool full = static_cast<std::size_t>(waiting) >= most_waiting || hour_is_full(now);
    return full ? Asked::full : Asked::asked;
}

Roster::Asked Roster::ask(std::int64_t chat, std::string name, Time now) {
    const auto answer = may_ask(chat, now);
    if (answer != Asked::asked) return answer;
    if (!within(hour_, 1h, now)) {
        hour_ = now;
        asked_ = 0;
    }
    ++asked_;
    forget_old(now);
    auto& guest = at(chat);
    guest.standing = Standing::waiting;
    guest.name = std::move(name);
    guest.by.clear();
    guest.at = now;
    guest.untold = false;
    guest.notices.clear();  // the buttons of an earlier request mean nothing any more
    ++guest.revision;
    return answer;
}

Roster::Settled Roster::settle(std::int64_t chat, Standing standing, std::string who, Time now) {
    if (stands(chat, standing) || (standing == Standing::closed && find(chat) == nullptr))
        return Settled::already;
    if (standing == Standing::allowed && count(standing) >= most_allowed) return Settled::full;
    if (standing == Standing::banned && count(standing) >= most_banned) return Settled::full;
    forget_old(now);
    auto& guest = at(chat);
    guest.standing = standing;
    guest.by = std::move(who);
    guest.at = now;
    guest.untold = standing == Standing::allowed;
    ++guest.revision;
    return Settled::done;
}

bool Roster::withdraw(std::int64_t chat, Time now) {
    return stands(chat, Standing::waiting) && settle(chat, Standing::closed, "", now) == Settled::done;
}

void Roster::move(std::int64_t from, std::int64_t to) {
    auto* old = find(from);
    if (old == nullptr || from == to) return;
    if (auto* newer = find(to)) {
        if (weight(newer->standing) > weight(old->standing)) {
            old->standing = newer->standing;
            old->by = newer->by;
            old->at = newer->at;
            old->untold = newer->untold;
        }
        old->revision = std::max(old->revision, newer->revision);
        old->notices.insert(old->notices.end(), newer->notices.begin(), newer->notices.end());
        guests_.erase(guests_.begin() + (newer - guests_.data()));
        old = find(from);
    }
    old->chat = to;
    ++old->revision;  // the request names the id
}

const Guest* Roster::find(std::int64_t chat) const {
    const auto found =
        std::find_if(guests_.begin(), guests_.end(), [&](const Guest& g) { return g.chat == chat; });
    return found == guests_.end() ? nullptr : &*found;
}

Guest* Roster::find(std::int64_t chat) {
    return const_cast<Guest*>(std::as_const(*this).find(chat));
}

bool Roster::stands(std::int64_t chat, Standing standing) const {
    const auto* guest = find(chat);
    return guest != nullptr && guest->standing == standing;
}

std::size_t Roster::count(Standing standing) const {
    return static_cast<std::size_t>(std::count_if(
        guests_.begin(), guests_.end(), [&](const Guest& guest) { return guest.standing == standing; }));
}

std::optional<Roster::Ticket> Roster::find_ticket(std::string_view data) const {
    if (data.empty()) return std::nullopt;
    for (const auto& guest : guests_)
        for (const auto& notice : guest.notices)
            for (std::size_t i = 0; i < verdicts.size(); ++i)
                if (notice.tickets.at(i) == data) return Ticket{guest, notice.admin, verdicts.at(i)};
    return std::nullopt;
}

Notice* Guest::notice_for(std::int64_t admin) {
    for (auto& notice : notices)
        if (notice.admin == admin) return &notice;
    return nullptr;
}

std::vector<Roster::Errand> Roster::errands(const std::vector<std::int64_t>& administrators,
                                            std::size_t most) const {
    std::vector<Errand> all;
    for (const auto& guest : guests_) {
        if (all.size() >= most) break;
        if (guest.untold && guest.standing == Standing::allowed)
            all.push_back({Errand::Kind::welcome, guest, 0});
        for (const auto& notice : guest.notices)
            if (notice.message != 0 && notice.shown != guest.revision)
                all.push_back({Errand::Kind::show, guest, notice.admin});
        if (guest.standing != Standing::waiting) continue;
        for (const auto admin : administrators) {
            const bool asked = std::any_of(guest.notices.begin(), guest.notices.end(), [&](const Notice& n) {
                return n.admin == admin && n.message != 0;
            });
            if (!asked) all.push_back({Errand::Kind::ask, guest, admin});
        }
    }
    return all;
}

Guest& Roster::at(std::int64_t chat) {
    if (auto* known = find(chat)) return *known;
    Guest fresh;
    fresh.chat = chat;
    return guests_.emplace_back(std::move(fresh));
}

void Roster::forget_old(Time now) {
    for (auto& guest : guests_)
        if (guest.standing == Standing::waiting && !within(guest.at, waits_for, now)) {
            guest.standing = Standing::closed;
            guest.at = now;
            ++guest.revision;
        }
    std::vector<Time> times;
    for (const auto& guest : guests_)
        if (is_over(guest, now)) times.push_back(guest.at);
    if (times.size() <= most_over) return;
    std::sort(times.begin(), times.end());
    const auto newest_gone = times[times.size() - most_over - 1];
    std::erase_if(guests_, [&](const Guest& g) { return is_over(g, now) && g.at <= newest_gone; });
}

}  // namespace garita::telegram
