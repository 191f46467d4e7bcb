#include "decide/rule_desk.hpp"

#include <algorithm>
#include <span>
#include <unordered_set>

#include "decide/foreign_text.hpp"
#include "decide/protection.hpp"
#include "decide/step_up.hpp"
#include "decide/wide_order.hpp"
#include "model/rights.hpp"

namespace garita::decide {
namespace {

constexpr std::size_t networks_in_batch = 1000;  // so that answers to cases get in between

std::string verb_word(const BlockOrder& order) {
    return order.verb == BlockOrder::Verb::set ? "rule_set" : "rule_unset";
}

/// The devices meant, or what is wrong with them.
Result<std::vector<std::string>> devices_of(const BlockOrder& order, const Surroundings& around) {
    if (around.devices.empty())
        return fail(ErrorCode::unavailable, "no device is known that could block: connect an agent first",
                    Retry::later);
    for (const auto& device : order.devices)
        if (!around.knows(device))
            return fail(ErrorCode::not_found,
                        "there is no device \"" + device + "\"; `garita status` lists all of them");
    return order.devices.empty() ? around.devices : order.devices;
}

std::vector<std::string> names_of(const std::vector<Device>& devices) {
    std::vector<std::string> names;
    for (const auto& device : devices)
        names.push_back(device.name);
    return names;
}

/// Sorts the good rows from the bad; the same network twice counts once.
std::vector<IpNetwork> read_rows(const BlockOrder& order, const DeskOptions& options,
                                 const Surroundings& around, BlockOutcome& outcome) {
    std::vector<IpNetwork> networks;
    networks.reserve(order.networks.size());
    std::unordered_set<IpNetwork> seen;
    for (std::size_t row = 0; row < order.networks.size(); ++row) {
        const auto network = IpNetwork::parse(order.networks[row]);
        if (!network) {
            outcome.refused.push_back(
                {row,
                 {ErrorCode::invalid,
                  "\"" + clean_line(order.networks[row], 64) +
                      "\" is not an address or network with its host bits zero, such as 192.0.2.1 or "
                      "2001:db8::/64",
                  Retry::no}});
            continue;
        }
        if (order.verb == BlockOrder::Verb::set && order.by.role < role_needed(Right::block_wide) &&
            options.wide.are_passed_by(*network)) {
            outcome.refused.push_back(
                {row,
                 {ErrorCode::forbidden, network->text() + " is wide: blocking it needs the role approver; " +
                                            order.by.name + " has " + std::string(to_text(order.by.role))}});
            continue;
        }
        if (order.verb == BlockOrder::Verb::set) {
            auto refused = refuse_block(*network, options, around.protected_networks, order.from);
            if (!refused) refused = refuse_cutting_off(*network, around, nullptr);
            if (refused) {
                outcome.refused.push_back({row, std::move(refused->error)});
                continue;
            }
        }
        if (seen.insert(*network).second) networks.push_back(*network);
    }
    return networks;
}

RuleChange change_of(const BlockOrder& order, const DeskOptions& options, Time now) {
    RuleChange change;
    change.name = block_rule;
    change.author = order.by.text();
    change.comment = order.comment;
    if (order.verb == BlockOrder::Verb::unset) return change;
    change.desired = std::string(block_value);
    if (order.devices.empty()) change.scope = RuleScope::everywhere;
    const auto lasts = order.lasts ? order.lasts : options.block_lasts;
    if (order.end == BlockOrder::End::after_span && lasts) change.expires_at = now + *lasts;
    return change;
}

/// One audit row a batch names everything in it.
std::string detail_of(std::span<const IpNetwork> networks, const RuleChange& change) {
    std::string detail;
    for (const auto& network : networks)
        detail += (detail.empty() ? "" : " ") + network.text();
    if (change.expires_at) detail += ", until " + to_iso8601(*change.expires_at);
    return change.comment.empty() ? detail : detail + ": " + change.comment;
}

std::string object_of(const std::vector<std::string>& devices, const BlockOrder& order) {
    std::string object = "rule ";
    if (order.devices.empty()) return object + "block on all devices";
    for (const auto& device : devices)
        object += device + " ";
    return object + "block";
}

Result<void> record_refusal(store::Store& store, const BlockOrder& order, const std::string& why, Time now) {
    return store.write([&](store::Transaction& transaction) -> Result<void> {
        (void)transaction.add_audit({0, now, order.by, "rule_refused", "rule block", why});
        return {};
    });
}

/// Who wanted to block what is protected; mere slips of the pen are not worth a record.
std::string forbidden_rows(const BlockOutcome& outcome) {
    constexpr std::size_t most_told = 10;
    std::string told;
    std::size_t count = 0;
    for (const auto& refusal : outcome.refused)
        if (refusal.error.code == ErrorCode::forbidden && ++count <= most_told)
            told += (told.empty() ? "" : "; ") + refusal.error.text;
    return count > most_told ? told + "; and " + std::to_string(count - most_told) + " more" : told;
}

struct BatchCount {
    std::size_t asked = 0;
    std::size_t changed = 0;
};

BatchCount change_batch(store::Transaction& transaction, const BlockOrder& order,
                        const std::vector<std::string>& devices, std::span<const IpNetwork> batch,
                        RuleChange& change, Time now) {
    // asked again: a device that has joined since would get neither this nor an inheritance
    const auto on = order.devices.empty() ? names_of(transaction.devices()) : devices;
    BatchCount count{batch.size() * on.size(), 0};
    for (const auto& device : on) {
        const auto before = count.changed;
        change.device = device;
        for (const auto& network : batch) {
            change.params = network.text();
            count.changed += transaction.change_rule(change, now) ? 1U : 0U;
        }
        if (count.changed != before) transaction.ring({store::Topic::rules, device});
    }
    if (count.changed > 0)
        (void)transaction.add_audit(
            {0, now, order.by, verb_word(order), object_of(devices, order), detail_of(batch, change)});
    return count;
}

void add_to(BlockOutcome& outcome, const BatchCount& count) {
    outcome.changed += count.changed;
    outcome.unchanged += count.asked - count.changed;
}

/// Changes all of them in transactions of bounded size.
Result<void> change_in_batches(store::Store& store, const BlockOrder& order,
                               const std::vector<std::string>& devices,
                               const std::vector<IpNetwork>& networks, RuleChange change,
                               BlockOutcome& outcome, Time now) {
    for (std::size_t first = 0; first < networks.size(); first += networks_in_batch) {
        const auto batch =
            std::span(networks).subspan(first, std::min(networks_in_batch, networks.size() - first));
        BatchCount count;
        const auto written = store.write([&](store::Transaction& transaction) -> Result<void> {
            count = change_batch(transaction, order, devices, batch, change, now);
            return {};
        });
        if (!written) return written;
        add_to(outcome, count);
    }
    return {};
}

/// Wide networks, in one transaction with the case that stands for them.
Result<void> change_wide(store::Store& store, const WideOrder& wide, const RuleChange& change,
                         BlockOutcome& outcome, Time now) {
    if (wide.networks.empty()) return {};
    BatchCount count;
    const auto written = store.write([&](store::Transaction& transaction) -> Result<void> {
        RuleChange ordered = change;  // the store may have to call again
        outcome.to_confirm = begin_wide_block(transaction, wide, ordered, now);
        count = change_batch(transaction, wide.order, wide.devices, wide.networks, ordered, now);
        return {};
    });
    if (!written) return written;
    add_to(outcome, count);
    return {};
}

/// Takes the wide networks of a `set` out of the list.
std::vector<IpNetwork> take_wide(std::vector<IpNetwork>& networks, const BlockOrder& order,
                                 const DeskOptions& options) {
    if (order.verb != BlockOrder::Verb::set) return {};
    const auto wide = std::stable_partition(networks.begin(), networks.end(), [&](const IpNetwork& one) {
        return !options.wide.are_passed_by(one);
    });
    std::vector<IpNetwork> taken(wide, networks.end());
    networks.erase(wide, networks.end());
    return taken;
}

Result<void> refuse_role(store::Store& store, const BlockOrder& order, Time now) {
    const Role needed = role_needed(Right::change_rules);
    if (order.by.role >= needed) return {};
    const auto recorded = record_refusal(store, order,
                                         verb_word(order) + " of " + std::to_string(order.networks.size()) +
                                             " networks needs the role " + std::string(to_text(needed)),
                                         now);
    if (!recorded) return recorded;
    return fail(ErrorCode::forbidden, "changing rules needs the role " + std::string(to_text(needed)) + "; " +
                                          order.by.name + " has " + std::string(to_text(order.by.role)));
}

}  // namespace

Result<BlockOutcome> RuleDesk::carry_out(const BlockOrder& order, Time now) {
    if (const auto may = refuse_role(store_, order, now); !may) return tl::unexpected(may.error());
    if (order.lasts && *order.lasts <= Duration::zero())
        return fail(ErrorCode::invalid, "a block lasts longer than nothing; give a span such as 24h");
    Surroundings around;
    const auto hub = hub_networks(options_);
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        around = look_around(view, options_, hub);
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    const auto devices = devices_of(order, around);
    if (!devices) return tl::unexpected(devices.error());

    BlockOutcome outcome;
    auto networks = read_rows(order, options_, around, outcome);
    if (const auto why = forbidden_rows(outcome); !why.empty())
        if (const auto recorded = record_refusal(store_, order, why, now); !recorded)
            return tl::unexpected(recorded.error());
    const auto wide = take_wide(networks, order, options_);
    const auto missing = code_is_missing(order, wide, now);
    if (!missing) return tl::unexpected(missing.error());
    if (*missing) {
        outcome.code = BlockOutcome::Code::wanted;
        return outcome;
    }
    const RuleChange change = change_of(order, options_, now);
    const auto changed =
        change_in_batches(store_, order, *devices, networks, change, outcome, now).and_then([&] {
            return change_wide(store_, {order, *devices, wide, options_}, change, outcome, now);
        });
    if (!changed) return tl::unexpected(changed.error());
    return outcome;
}

Result<bool> RuleDesk::code_is_missing(const BlockOrder& order, const std::vector<IpNetwork>& wide,
                                       Time now) {
    if (wide.empty()) return false;
    tl::expected<Stepped, Refusal> stepped = Stepped::up;
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        stepped = step_up(transaction, order.by, Danger::wide_block, order.code, options_.step_up, now);
        if (!stepped)
            (void)transaction.add_audit(
                {0, now, order.by, "rule_refused", "rule block", stepped.error().error.text});
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    if (!stepped) return tl::unexpected(stepped.error().error);
    return *stepped == Stepped::code_wanted;
}

}  // namespace garita::decide
