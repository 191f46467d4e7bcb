#include "access/switch_room.hpp"

#include <algorithm>

namespace garita::access {
namespace {

constexpr Duration first_back_off = std::chrono::seconds{5};
constexpr Duration longest_back_off = std::chrono::minutes{5};
constexpr Duration long_time = std::chrono::hours{1};
/// In one session; then others get their turn at the switch's lines.
constexpr int most_rounds = 32;
constexpr std::size_t most_of_look = 256;
/// Most of them wait until their device is let in elsewhere, and must not hide the others.
constexpr std::size_t most_surveys = 10000;

void sooner(std::optional<Time>& next, const std::optional<Time>& other) {
    if (other && (!next || *other < *next)) next = other;
}

}  // namespace

SwitchRoom::SwitchRoom(const Tools& tools, SwitchRoomSettings settings)
    : tools_(tools),
      settings_(std::move(settings)),
      name_("switch " + settings_.login.name),
      closer_(tools.book, tools.letters),
      notes_(settings_.login.name, tools.clock) {
    standing_.name = settings_.login.name;
    standing_.address = settings_.login.host;
}

SwitchStanding SwitchRoom::standing() const {
    const std::lock_guard lock(mutex_);
    return standing_;
}

void SwitchRoom::retry() {
    const std::lock_guard lock(mutex_);
    retry_ = true;
}

void SwitchRoom::set(SwitchStanding::State state, const std::string& error, std::optional<Time> next_try) {
    const std::lock_guard lock(mutex_);
    standing_.state = state;
    standing_.error = error;
    standing_.next_try = next_try;
    if (state == SwitchStanding::State::fine) standing_.last_session = tools_.clock();
}

Duration SwitchRoom::back_off(int failures) {
    return std::min(longest_back_off, first_back_off * (1 << std::min(failures - 1, 10)));
}

Result<Duration> SwitchRoom::step(Time now) {
    SwitchStanding before;
    {
        const std::lock_guard lock(mutex_);
        if (std::exchange(retry_, false)) {
            standing_.state = SwitchStanding::State::unknown;
            standing_.next_try.reset();
            eager_ = true;
        }
        before = standing_;
    }
    auto due = look(now);
    if (!due) return tl::unexpected(due.error());
    if (due->empty()) return due->next ? std::max(Duration::zero(), *due->next - now) : long_time;
    if (before.state == SwitchStanding::State::forbidden) return long_time;
    if (before.next_try && *before.next_try > now && !eager_) return *before.next_try - now;
    eager_ = false;
    notes_.about(due->first());
    set(SwitchStanding::State::busy, before.error, {});
    auto session = tools_.driver.open(settings_.login, notes_);
    if (!session) return not_open(*due, session.error());
    failures_ = 0;
    told_ = false;
    for (int round = 0; round < most_rounds && !due->empty(); ++round) {
        const auto worked = work(**session, *due);
        if (!worked) {
            set(SwitchStanding::State::fine, worked.error().text, {});
            return tl::unexpected(worked.error());
        }
        if (*worked == Session::ended)
            return not_open({}, {ErrorCode::unavailable, "the session ended", Retry::later});
        due = look(tools_.clock());
        if (!due) return tl::unexpected(due.error());
    }
    set(SwitchStanding::State::fine, {}, {});
    return due->empty() && due->next ? std::max(Duration::zero(), *due->next - tools_.clock())
           : due->empty()            ? long_time
                                     : Duration::zero();
}

Result<SwitchRoom::Due> SwitchRoom::look(Time now) {
    Due due;
    const auto looked = tools_.store.read([&](store::View& view) -> Result<void> {
        due = {};
        store::AccessQuery query;
        query.states = {AccessState::waiting, AccessState::working};
        query.switch_name = settings_.login.name;
        query.limit = most_of_look;
        for (auto& request : tools_.book.requests(view, query)) {
            if (request.port.empty()) continue;
            auto not_yet = not_before(request, now);
            if (!eager_ && request.next_try && *request.next_try > now)
                not_yet = not_yet ? std::max(*not_yet, *request.next_try) : request.next_try;
            if (not_yet)
                sooner(due.next, not_yet);
            else
                due.requests.push_back(std::move(request));
        }
        for (auto& survey : tools_.book.due_surveys(view, settings_.login.name, Time::max(), most_surveys)) {
            if (!is_due(view, survey)) continue;
            if (!eager_ && survey.next_try && *survey.next_try > now)
                sooner(due.next, survey.next_try);
            else if (due.surveys.size() < most_of_look)
                due.surveys.push_back(std::move(survey));
        }
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    std::stable_sort(due.requests.begin(), due.requests.end(),
                     [](const AccessRequest& a, const AccessRequest& b) {
                         return (a.state == AccessState::working) > (b.state == AccessState::working);
                     });
    return due;
}

/// What was asked is taken out elsewhere only once the device is let in where it is now.
bool SwitchRoom::is_due(store::View& view, const AccessSurvey& survey) {
    if (!survey.asked_at) return true;
    const auto request = tools_.book.find(view, survey.request);
    return request && request->state == AccessState::done;
}

Result<Duration> SwitchRoom::not_open(const Due& due, const Error& error) {
    const auto now = tools_.clock();
    const bool forbidden = error.code == ErrorCode::forbidden;
    const auto next = now + (forbidden ? long_time : back_off(++failures_));
    set(forbidden ? SwitchStanding::State::forbidden : SwitchStanding::State::away, error.text,
        forbidden ? std::nullopt : std::optional(next));
    auto lines = notes_.take();
    const bool tell = forbidden && !told_;
    const auto written = tools_.store.write([&](store::Transaction& transaction) -> Result<void> {
        write_notes(transaction, lines);
        for (const auto& request : due.requests) {
            auto row = tools_.book.find(transaction, request.id);
            if (!row || row->version != request.version) continue;
            row->next_try = next;
            if (!tools_.book.update(transaction, *row))
                return fail(ErrorCode::conflict, row->tracking() + " was changed meanwhile", Retry::later);
        }
        for (auto survey : due.surveys) {
            survey.error = error.text;
            survey.next_try = next;
            tools_.book.put_survey(transaction, survey);
        }
        if (tell)
            tools_.letters.notify(
                transaction, "access switch " + settings_.login.name,
                {"access.switch_forbidden", {{"switch", settings_.login.name}, {"error", error.text}}}, now);
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    told_ = told_ || tell;
    return next - now;
}

Result<SwitchRoom::Session> SwitchRoom::work(SwitchSession& session, const Due& due) {
    using Kind = PortOutcome::Kind;
    for (const auto& request : due.requests) {
        notes_.about(request.id);
        const auto outcome = carry_out(session, request);
        if (const auto finished = finish(session, request, outcome); !finished)
            return tl::unexpected(finished.error());
        if (overtaken_) continue;
        if (outcome.kind == Kind::later || outcome.kind == Kind::forbidden) return Session::ended;
    }
    for (const auto& survey : due.surveys) {
        notes_.about(survey.request);
        std::optional<AccessRequest> request;
        const auto looked = tools_.store.read([&](store::View& view) -> Result<void> {
            request = tools_.book.find(view, survey.request);
            return {};
        });
        if (!looked) return tl::unexpected(looked.error());
        if (!request) continue;
        const auto done = survey.asked_at ? clear(session, survey, *request) : ask(session, survey);
        if (!done || *done == Session::ended) return done;
    }
    return Session::goes_on;
}

}  // namespace garita::access
