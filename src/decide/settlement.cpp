#include "decide/settlement.hpp"

#include <algorithm>

#include "decide/confirmation.hpp"
#include "decide/deciding.hpp"

namespace garita::decide {
namespace {

constexpr std::size_t cases_in_one_receipt = 500;
constexpr std::size_t cases_in_one_look = 200;
constexpr Duration look_again = std::chrono::seconds{10};

bool settled(const Case& about, const Progress& progress) {
    if (about.decision && is_carried_out_elsewhere(about.kind, about.decision->response))
        return false;  // its worker closes it
    return progress.done + progress.failed >= progress.wanted;
}

/// Whether the case's rules are being taken back, or are gone: then counting what is left would tell people
/// that their block failed.
bool withdrawn(store::Transaction& transaction, const Case& about) {
    store::RuleQuery query;
    query.case_id = about.id;
    query.limit = 1000;
    const auto rules = transaction.rules(query);
    if (rules.empty()) return about.decision->response == Response::block;
    return std::any_of(rules.begin(), rules.end(), [](const Rule& rule) { return !rule.desired; });
}

void record(store::Transaction& transaction, const Action& action, const ActionReceipt& receipt, Time now) {
    const Actor device{Actor::Kind::system, action.device, "agent", Role::administrator};
    (void)transaction.add_audit(
        {0, now, device, receipt.state == ActionState::done ? "action_done" : "action_failed",
         object_of(action.case_id), std::string(order_name(action.order)) + ": " + receipt.result});
}

}  // namespace

namespace {

void inherit(store::Transaction& transaction, const std::string& device, Time now) {
    const auto inherited = transaction.inherit_rules(device, now);
    if (inherited == 0) return;
    const Actor hub{Actor::Kind::system, "hub", "", Role::administrator};
    (void)transaction.add_audit({0, now, hub, "rules_inherited", "device " + device,
                                 std::to_string(inherited) + " that stand on all devices"});
    transaction.ring({store::Topic::rules, device});
}

}  // namespace

void record_device(store::Transaction& transaction, const Device& device, Time now) {
    const bool is_new = !transaction.find_device(device.name);
    transaction.put_device(device);
    if (is_new) inherit(transaction, device.name, now);
}

void readmit_device(store::Transaction& transaction, const std::string& device, Time now) {
    const auto known = transaction.find_device(device);
    if (!known || !known->revoked_at) return;
    transaction.set_revoked(device, std::nullopt);
    inherit(transaction, device, now);
}

void settle_case(store::Transaction& transaction, CaseId id, Time now) {
    auto about = transaction.find_case(id);
    if (!about || !about->decision) return;
    const auto progress = transaction.progress(id);
    const bool noted = note_in_force(*about, progress, now);
    if (about->state == CaseState::decided && settled(*about, progress)) {
        about->state = CaseState::closed;
        about->updated_at = now;
        (void)transaction.update_case(*about);  // read in this transaction: nobody was faster
    } else if (noted) {
        about->updated_at = now;
        (void)transaction.update_case(*about);
    } else if (about->state == CaseState::decided || !withdrawn(transaction, *about)) {
        transaction.touch_case(id, now);
    } else {
        return;  // what people see stays as it was
    }
    transaction.ring({store::Topic::cases, {}});
}

Result<void> Settlement::rules_in_force(const std::string& device, const RuleReceipt& receipt, Time now) {
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        auto touched = transaction.confirm_rules(device, receipt.up_to_seq, receipt.failed,
                                                 receipt.connections_cut, now);
        // the rest of an enormous receipt is settled by step(), so that answers need not wait for it
        touched.resize(std::min(touched.size(), cases_in_one_receipt));
        for (const auto id : touched)
            settle_case(transaction, id, now);
        return {};
    });
}

Result<void> Settlement::actions_finished(const std::string& device,
                                          const std::vector<ActionReceipt>& receipts, Time now) {
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (const auto& receipt : receipts) {
            const auto action = transaction.find_action(receipt.id);
            if (!action || action->device != device || receipt.state == ActionState::pending) continue;
            if (!transaction.finish_action(receipt.id, receipt.state, receipt.result, now)) continue;
            record(transaction, *action, receipt, now);
            settle_case(transaction, action->case_id, now);
        }
        return {};
    });
}

Result<Duration> Settlement::step(Time now) {
    std::vector<CaseId> finished;
    std::size_t looked_at = 0;
    CaseId last = looked_up_to_;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        const auto decided = view.decided_cases(looked_up_to_, cases_in_one_look);
        looked_at = decided.size();
        for (const auto& about : decided) {
            last = about.id;
            if (settled(about, view.progress(about.id))) finished.push_back(about.id);
        }
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    if (!finished.empty()) {
        const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
            for (const auto id : finished)
                settle_case(transaction, id, now);
            return {};
        });
        if (!written) return tl::unexpected(written.error());
    }
    const bool more = looked_at == cases_in_one_look;
    looked_up_to_ = more ? last : CaseId{};
    return more ? Duration::zero() : look_again;
}

}  // namespace garita::decide
