// Who is told of a case that nobody answers, and when: the pure part, by hand and by chance.

#include "decide/on_call.hpp"

#include <random>

#include <gtest/gtest.h>

#include "decide/telling.hpp"

namespace garita::decide {
namespace {

using namespace std::chrono_literals;
using namespace std::chrono;
using Kind = Turn::Kind;

const Time start{sys_days{2026y / 11 / 22}};
const Time long_ago{start - days{400}};

OnCall two_steps() {
    OnCall on_call;
    on_call.steps = {{10min, "mail boris"}, {30min, "mail chief"}};
    return on_call;
}
Case open_case(Severity severity = Severity::warning) {
    Case about;
    about.id = CaseId{12};
    about.severity = severity;
    about.opened_at = start;
    return about;
}
Acknowledgement by_ana(Time at, Time until, bool over = false) {
    return {{Actor::Kind::person, "ana", "telegram", Role::operator_}, at, until, over};
}
/// As the escalation writes it down.
void lead_on(Case& about, const Course& course, Time now) {
    if (course.lapsed) about.duty.taken->over = true;
    if (course.step > about.duty.step) about.duty.reached_at = now;
    about.duty.step = course.step;
}

TEST(Course, GoesFromStepToStepAtItsTimes) {
    const auto on_call = two_steps();
    auto about = open_case();
    auto course = course_of(about, on_call, long_ago, start);
    EXPECT_EQ(course.step, 0);
    EXPECT_EQ(course.next, start + 10min);
    EXPECT_EQ(course_of(about, on_call, long_ago, start + 10min - 1us).step, 0);
    course = course_of(about, on_call, long_ago, start + 10min);
    EXPECT_EQ(course.step, 1);
    EXPECT_EQ(course.next, start + 30min);
    about.duty.step = 1;
    EXPECT_EQ(course_of(about, on_call, long_ago, start + 30min).step, 2);
    about.duty.step = 2;
    EXPECT_FALSE(course_of(about, on_call, long_ago, start + 31min).next);
}

TEST(Course, SeveralStepsThatAHubSleptThroughAreTakenTogether) {
    EXPECT_EQ(course_of(open_case(), two_steps(), long_ago, start + 2h).step, 2);
}

TEST(Course, WhatIsLongPastIsNotMadeUpFor) {
    const auto on_call = two_steps();
    EXPECT_EQ(course_of(open_case(), on_call, long_ago, start + 24h + 10min).step, 2);
    EXPECT_EQ(course_of(open_case(), on_call, long_ago, start + 24h + 31min).step, 0) << "two months later";
    auto alive = open_case();
    alive.last_alert_at = start + 24h;
    EXPECT_EQ(course_of(alive, on_call, long_ago, start + 24h + 31min).step, 2)
        << "it may be severe only now";
    auto later_on = on_call;
    later_on.steps.push_back({72h, "mail owner"});
    EXPECT_EQ(course_of(open_case(), later_on, long_ago, start + 24h + 31min).next, start + 72h);
    EXPECT_EQ(course_of(open_case(), later_on, long_ago, start + 72h).step, 3);
}

TEST(Course, IsForNobodyOfACaseThatNeedsNobody) {
    const auto on_call = two_steps();
    const auto step = [&](const Case& about) { return course_of(about, on_call, long_ago, start + 1h).step; };
    EXPECT_EQ(step(open_case()), 2);
    EXPECT_EQ(step(open_case(Severity::info)), 0);
    EXPECT_EQ(course_of(open_case(), on_call, start + 1us, start + 1h).step, 0) << "older than the settings";
    for (const auto state :
         {CaseState::decided, CaseState::closed, CaseState::expired, CaseState::observed}) {
        auto about = open_case();
        about.state = state;
        EXPECT_EQ(step(about), 0);
    }
    auto over = open_case();
    over.facts["over"] = "2026-11-22T00:10:00Z";
    EXPECT_EQ(step(over), 0);
    auto silent = open_case();
    silent.expires_at = start + 50min;
    EXPECT_EQ(step(silent), 0) << "its default answer is due";
}

TEST(Course, AnAcknowledgementHoldsItBackAndItGoesOnWhereItStopped) {
    const auto on_call = two_steps();
    auto about = open_case();
    about.duty.taken = by_ana(start + 8min, start + 38min);
    auto course = course_of(about, on_call, long_ago, start + 20min);
    EXPECT_EQ(course.step, 0);
    EXPECT_FALSE(course.lapsed);
    EXPECT_EQ(course.next, start + 38min);
    course = course_of(about, on_call, long_ago, start + 38min);
    EXPECT_TRUE(course.lapsed);
    EXPECT_EQ(course.step, 0);
    EXPECT_EQ(course.next, start + 40min) << "two of the ten minutes were left";
    lead_on(about, course, start + 38min);
    EXPECT_EQ(course_of(about, on_call, long_ago, start + 40min).step, 1);
    about.duty.step = 1;
    EXPECT_EQ(course_of(about, on_call, long_ago, start + 59min).next, start + 60min);
}

TEST(Course, HandedOverItIsHeldBackForBothTimes) {
    auto about = open_case();
    about.duty.held = 6min;  // ana had it before
    about.duty.taken = by_ana(start + 14min, start + 20min, true);
    EXPECT_EQ(held_back_for(about.duty, start + 1h), 12min);
    EXPECT_EQ(course_of(about, two_steps(), long_ago, start + 21min).next, start + 22min);
}

TEST(Course, AClockThatIsSetBackMakesNoAcknowledgementLastForEver) {
    auto about = open_case();
    about.duty.taken = by_ana(start + 60 * 24h, start + 60 * 24h + 30min);
    EXPECT_TRUE(course_of(about, two_steps(), long_ago, start + 1min).lapsed);
    about.duty.taken = by_ana(start + 70s, start + 30min);
    EXPECT_FALSE(course_of(about, two_steps(), long_ago, start + 30s).lapsed) << "clocks may differ a bit";
}

TEST(TurnOf, WaitsForItsStepAndForNobodyWhoHasIt) {
    auto about = open_case();
    const QuietHours none;
    EXPECT_EQ(turn_of(about, 0, none, start).kind, Kind::now);
    EXPECT_EQ(turn_of(about, 1, none, start).kind, Kind::not_yet);
    about.duty.step = 1;
    about.duty.reached_at = start;
    EXPECT_EQ(turn_of(about, 1, none, start).kind, Kind::now);
    EXPECT_EQ(turn_of(about, 1, none, start + 25h).kind, Kind::never) << "whoever joins it the day after";
    EXPECT_EQ(turn_of(about, 2, none, start).kind, Kind::not_yet);
    about.duty.taken = by_ana(start, start + 30min);
    EXPECT_EQ(turn_of(about, 1, none, start).kind, Kind::not_yet);
    EXPECT_EQ(turn_of(about, 0, none, start).kind, Kind::now) << "those are told in any case";
    about.duty.taken->over = true;
    EXPECT_EQ(turn_of(about, 1, none, start).kind, Kind::now);
    about.facts["over"] = "2026-11-22T00:10:00Z";
    EXPECT_EQ(turn_of(about, 1, none, start).kind, Kind::never);
}

QuietHours night(minutes from, minutes to, std::function<seconds(Time)> offset = {}) {
    QuietHours quiet;
    quiet.from = from;
    quiet.to = to;
    quiet.offset = std::move(offset);
    return quiet;
}
/// Spain's clock in 2026.
seconds madrid(Time at) {
    const Time spring{sys_days{2026y / 3 / 29} + 1h};
    const Time autumn{sys_days{2026y / 10 / 25} + 1h};
    return at >= spring && at < autumn ? 2h : 1h;
}

TEST(Quiet, EndsOnTheSameOrTheNextDay) {
    const auto noon = night(12h, 14h);
    EXPECT_FALSE(noon.end_after(start + 12h - 1us));
    EXPECT_EQ(noon.end_after(start + 12h), start + 14h);
    EXPECT_EQ(noon.end_after(start + 14h - 1us), start + 14h);
    EXPECT_FALSE(noon.end_after(start + 14h));
    const auto whole_night = night(22h, 7h);
    EXPECT_EQ(whole_night.end_after(start + 23h), start + 31h);
    EXPECT_EQ(whole_night.end_after(start + 3h), start + 7h);
    EXPECT_FALSE(whole_night.end_after(start + 7h));
    EXPECT_FALSE(QuietHours{}.end_after(start));
    EXPECT_EQ(night(18h, 24h).end_after(start + 20h), start + 24h);
}

TEST(Quiet, BelongToTheDayOnWhichTheyBegin) {
    auto quiet = night(22h, 7h);
    quiet.days = {false, false, false, false, false, false, true};  // 2026-11-22 is a Sunday
    EXPECT_FALSE(quiet.cover(start + 3h)) << "Saturday's night";
    EXPECT_TRUE(quiet.cover(start + 23h));
    EXPECT_TRUE(quiet.cover(start + 24h + 3h)) << "Sunday's night, on Monday";
    EXPECT_FALSE(quiet.cover(start + 24h + 23h));
}

TEST(Quiet, FollowTheClockOnTheWallThroughBothNightsOfItsChange) {
    const auto quiet = night(22h, 7h, madrid);
    const Time spring{sys_days{2026y / 3 / 28} + 21h};  // 22:00
    EXPECT_EQ(quiet.end_after(spring), Time{sys_days{2026y / 3 / 29} + 5h}) << "07:00, after eight hours";
    EXPECT_FALSE(quiet.cover(spring - 1us));
    const Time autumn{sys_days{2026y / 10 / 24} + 20h};
    EXPECT_EQ(quiet.end_after(autumn), Time{sys_days{2026y / 10 / 25} + 6h}) << "07:00, after ten hours";
    // an end that the clock leaps over, and one that comes twice
    const Time before{sys_days{2026y / 3 / 29} + 30min};
    EXPECT_EQ(night(22h, 150min, madrid).end_after(before), Time{sys_days{2026y / 3 / 29} + 1h});
    EXPECT_EQ(night(22h, 150min, madrid).end_after(autumn), Time{sys_days{2026y / 10 / 25} + 30min});
}

TEST(Quiet, WhatIsSevereComesThrough) {
    const auto quiet = night(22h, 7h);
    EXPECT_EQ(turn_of(open_case(), 0, quiet, start + 3h).kind, Kind::not_before);
    EXPECT_EQ(turn_of(open_case(), 0, quiet, start + 3h).at, start + 7h);
    EXPECT_EQ(turn_of(open_case(Severity::critical), 0, quiet, start + 3h).kind, Kind::now);
    auto over = open_case();
    over.facts["over"] = "2026-11-22T00:10:00Z";
    EXPECT_EQ(turn_of(over, 0, quiet, start + 8h).kind, Kind::never) << "it was over before they ended";
}

/// What a recipient hears in a life of chance, held against what the words of the manual allow.
class Life {
  public:
    explicit Life(unsigned seed) : random_(seed) {
        audiences_[1].step = 1;
        audiences_[2].step = 2;
        audiences_[3].step = 1;
        audiences_[3].quiet = night(22h, 7h);
        about_ = open_case(chance(4) ? Severity::info : Severity::warning);
        about_.opened_at = now_ = start + minutes{random_() % 1440};
    }
    void run() {
        for (int i = 0; i < 400; ++i) {
            happen();
            look();
            ASSERT_FALSE(::testing::Test::HasFatalFailure());
        }
    }

  private:
    bool chance(unsigned one_in) { return random_() % one_in == 0; }
    bool is_taken_now() const { return is_taken(about_.duty); }
    void happen() {
        now_ += chance(20) ? Duration{hours{random_() % 60}} : Duration{seconds{random_() % 300}};
        if (about_.state != CaseState::open) return;
        if (chance(40)) {
            const auto until = now_ + minutes{1 + random_() % 60};
            about_.duty.held = held_back_for(about_.duty, now_);
            about_.duty.taken = by_ana(now_, until);
        }
        if (chance(150)) about_.severity = Severity::critical;
        if (chance(200)) about_.state = CaseState::closed;
    }
    void look() {
        const auto course = course_of(about_, on_call_, long_ago, now_);
        const auto before = about_.duty;
        lead_on(about_, course, now_);
        ASSERT_GE(about_.duty.step, before.step);
        if (about_.duty.step > before.step) {
            ASSERT_EQ(about_.state, CaseState::open);
            ASSERT_FALSE(is_taken_now());
            const auto due = on_call_.steps[static_cast<std::size_t>(about_.duty.step) - 1].after;
            ASSERT_GE(now_ - about_.opened_at - held_back_for(about_.duty, now_), due);
            ASSERT_GE(about_.severity, on_call_.least);
        }
        // asked a second time, as after a restart, it is the same
        const auto again = course_of(about_, on_call_, long_ago, now_);
        ASSERT_EQ(again.step, about_.duty.step);
        ASSERT_FALSE(again.lapsed);
        for (std::size_t i = 0; i < audiences_.size(); ++i)
            tell(audiences_[i], told_[i], first_letters_[i]);
    }
    void tell(const Audience& to, Told& told, int& first_letters) {
        told = parse_told(to_text(told));
        const auto wanted = wish(about_, told, to, Duration{0}, now_);
        if (wanted.kind == Wish::Kind::withhold) told.stage = Stage::withheld;
        if (wanted.kind == Wish::Kind::hold) {
            ASSERT_GT(wanted.in, 0us);
            ASSERT_TRUE(to.quiet.hold(about_.severity, now_));
            if (told.stage == Stage::none) told.stage = Stage::withheld;
        }
        if (wanted.kind != Wish::Kind::letter) return;
        ASSERT_FALSE(to.quiet.hold(about_.severity, now_));
        const bool is_first = told.stage == Stage::none || told.stage == Stage::withheld;
        ASSERT_TRUE(wanted.stage != Stage::asked || about_.state == CaseState::open);
        if (is_first) ++first_letters;
        ASSERT_LE(first_letters, 1) << "told twice of one step";
        if (to.step > 0 && wanted.stage == Stage::asked) {
            ASSERT_GE(about_.duty.step, to.step);
            ASSERT_FALSE(is_taken_now());
        }
        ASSERT_TRUE(to.step == 0 || !is_first || wanted.stage == Stage::asked) << "paged after an answer";
        told = told_after(about_, told, wanted.stage, now_);
        const auto after = wish(about_, told, to, Duration{0}, now_);
        ASSERT_NE(after.kind, Wish::Kind::letter) << "the same is told twice";
    }

    std::mt19937 random_;
    OnCall on_call_ = two_steps();
    Case about_;
    Time now_{};
    std::array<Audience, 4> audiences_;
    std::array<Told, 4> told_;
    std::array<int, 4> first_letters_{};
};

TEST(OnCallByChance, NobodyIsToldTwiceTooEarlyOrAfterAnAnswer) {
    for (unsigned seed = 0; seed < 500; ++seed) {
        SCOPED_TRACE(seed);
        Life(seed).run();
        if (HasFatalFailure()) return;
    }
}

}  // namespace
}  // namespace garita::decide
