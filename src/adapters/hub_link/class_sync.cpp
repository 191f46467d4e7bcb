#include "adapters/hub_link/class_sync.hpp"

#include <algorithm>

#include "adapters/hub_link/class_rows.hpp"

namespace garita::hub_link {
namespace {

using store::HeldPage;
using store::HeldPositions;

constexpr std::chrono::seconds usual_wait{50};
/// As long as the device is at it, its progress is told this often.
constexpr std::chrono::milliseconds between_reports{200};

}  // namespace

ClassSync::ClassSync(const std::string& hub, const World& world, std::vector<RuleClass> classes)
    : world_(world),
      classes_(std::move(classes)),
      line_(hub, world.identity, [this](const Error& why) { world_.participant.orders_refused(why.text); }) {}

void ClassSync::progress() {
    const std::lock_guard lock(mutex_);
    progress_ = true;
    changed_.notify_all();
    if (waiting_) line_.cancel();
}

void ClassSync::answer(ClassOrderAnswer answer) {
    {
        const std::lock_guard lock(mutex_);
        answers_.push_back(std::move(answer));
    }
    progress();
}

void ClassSync::stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
    line_.cancel();
}

Result<Duration> ClassSync::step(Time) {
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) return Duration(std::chrono::hours(1));
        progress_ = false;
        line_.resume();
    }
    const auto request = compose();
    if (!request) return tl::unexpected(request.error());
    auto answer = call(*request);
    bool cut_short = false;
    {
        const std::lock_guard lock(mutex_);
        waiting_ = false;
        if (stopped_) return Duration(std::chrono::hours(1));
        cut_short = progress_ && request->wait.count() > 0;
    }
    if (!answer && cut_short) {
        await_progress();
        return Duration::zero();
    }
    if (!answer) {
        behind_ = true;  // look at once when the hub is back
        return tl::unexpected(answer.error());
    }
    if (auto taken = take(*request, *answer); !taken) return tl::unexpected(taken.error());
    await_progress();
    return Duration::zero();
}

/// What was told to be held and in force must not be forgotten by a power cut.
Result<RulesRequest> ClassSync::compose() {
    RulesRequest request;
    auto statuses = world_.participant.statuses();
    for (const auto& rules : classes_) {
        ClassReport report;
        report.name = rules.name();
        report.shape = shape_of(rules);
        auto positions = world_.copy.positions(rules.name());
        if (!positions) return tl::unexpected(positions.error());
        report.positions = std::move(*positions);
        auto refused = world_.copy.refusals(rules.name(), refusals_in_report + 1);
        if (!refused) return tl::unexpected(refused.error());
        report.refused = std::move(*refused);
        if (report.refused.size() > refusals_in_report) {
            report.refused.pop_back();
            report.refusals = ClassReport::Refusals::some;
        }
        const auto status = std::find_if(statuses.begin(), statuses.end(),
                                         [&](const auto& one) { return one.name == rules.name(); });
        if (status != statuses.end()) report.status = *status;
        report.status.name = rules.name();
        report.status.found.clear();
        request.classes.push_back(std::move(report));
    }
    if (auto flushed = world_.copy.flush(); !flushed) return tl::unexpected(flushed.error());
    const std::lock_guard lock(mutex_);
    request.running.assign(running_.begin(), running_.end());
    request.answers = answers_;
    request.wait = behind_ || !answers_.empty() ? std::chrono::seconds{0} : usual_wait;
    return request;
}

Result<RulesAnswer> ClassSync::call(const RulesRequest& request) {
    {
        const std::lock_guard lock(mutex_);
        if (progress_ && request.wait.count() > 0)
            return fail(ErrorCode::unavailable, "something to report came up", Retry::later);
        waiting_ = request.wait.count() > 0;
    }
    const Time asked = world_.clock();
    const auto answer =
        line_.call(rules_path, "rules", encode(request), request.wait + std::chrono::seconds(15));
    if (!answer) return tl::unexpected(answer.error());
    return decode_rules_answer(answer->body, asked, world_.clock());
}

Result<void> ClassSync::take(const RulesRequest& request, RulesAnswer& answer) {
    behind_ = false;
    bool taken = false;
    for (auto& page : answer.classes) {
        const auto rules = std::find_if(classes_.begin(), classes_.end(),
                                        [&](const auto& one) { return one.name() == page.name; });
        const auto report = std::find_if(request.classes.begin(), request.classes.end(),
                                         [&](const auto& one) { return one.name == page.name; });
        if (rules == classes_.end() || report == request.classes.end()) continue;
        if (page.kept == ClassPage::Kept::yes && page.page.rest == HeldPage::Rest::more) behind_ = true;
        if (page.kept == ClassPage::Kept::yes && !page.page.rules.empty()) taken = true;
        if (auto done = take_page(*rules, *report, page); !done) {
            behind_ = true;
            return done;
        }
    }
    if (answer.classes.size() < request.classes.size()) behind_ = true;
    take_orders(answer);
    if (taken || !answer.classes.empty()) world_.participant.rules_taken();
    return {};
}

Result<void> ClassSync::take_page(const RuleClass& rules, const ClassReport& report, ClassPage& page) {
    std::string trouble;
    if (page.kept == ClassPage::Kept::not_configured)
        trouble = "the hub's file has no such rules for a device of this agent's name with connect: agent";
    if (page.kept == ClassPage::Kept::other_shape) trouble = "the hub has them as (" + page.shape + ')';
    if (auto& known = disagreements_[page.name]; known != trouble) {
        known = trouble;
        if (!trouble.empty()) world_.participant.disagreement(page.name, trouble);
    }
    if (!trouble.empty()) return {};
    const bool first = page.page.place == HeldPage::Place::first_of_all;
    if (!first && page.page.source != report.positions.source) return {};  // the hub has to begin anew
    if (!first && page.page.rules.empty() && page.page.up_to == report.positions.held &&
        report.positions.extent == HeldPositions::Extent::whole)
        return {};
    if (!first && (page.page.up_to.quick < report.positions.held.quick ||
                   page.page.up_to.bulk < report.positions.held.bulk))
        return fail(ErrorCode::invalid, "the hub's rules " + page.name + " are not in their sequence",
                    Retry::later);
    for (std::size_t i = 0; i < page.page.rules.size(); ++i) {
        const auto& rule = page.page.rules[i];
        if (const auto key = rules.unpack(rule.key); !key)
            page.page.unfit.emplace_back(i, "not parameters of these rules: " + key.error().text);
        else if (const auto value = rule.want ? rules.unpack(*rule.want) : Result<ParamValue>{}; !value)
            page.page.unfit.emplace_back(i, "not a value of these rules: " + value.error().text);
    }
    return world_.copy.take(page.name, page.page);
}

void ClassSync::take_orders(const RulesAnswer& answer) {
    std::vector<ClassOrder> begin;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& id : answer.answered) {
            std::erase_if(answers_, [&](const auto& one) { return one.id == id; });
            running_.erase(id);
        }
        for (const auto& order : answer.orders)
            if (running_.size() < most_orders && running_.insert(order.id).second) begin.push_back(order);
    }
    for (const auto& order : begin)
        world_.participant.ordered(order);
}

Result<bool> ClassSync::is_settled() {
    for (const auto& rules : classes_) {
        const auto positions = world_.copy.positions(rules.name());
        if (!positions) return tl::unexpected(positions.error());
        if (positions->work == HeldPositions::Work::waiting) return false;
    }
    return true;
}

/// A change just taken is in force in a moment: the next call tells so at once, and then waits.
void ClassSync::await_progress() {
    if (behind_) return;
    const auto until = std::chrono::steady_clock::now() + between_reports;
    for (;;) {
        const auto settled = is_settled();
        if (!settled || *settled) return;
        std::unique_lock lock(mutex_);
        if (stopped_) return;
        if (!progress_ && !changed_.wait_until(lock, until, [&] { return progress_ || stopped_; })) return;
        progress_ = false;
        if (std::chrono::steady_clock::now() >= until) return;
    }
}

}  // namespace garita::hub_link
