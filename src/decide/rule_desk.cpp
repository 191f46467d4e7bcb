#include "decide/rule_desk.hpp"

#include <algorithm>
#include <span>
#include <unordered_set>

#include "decide/foreign_text.hpp"
#include "decide/protection.hpp"

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
        if (order.verb == BlockOrder::Verb::set)
            if (auto refused = refuse_block(*network, options, around.protected_networks, order.from)) {
                outcome.refused.push_back({row, std::move(refused->error)});
                continue;
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

}  // namespace

Result<BlockOutcome> RuleDesk::carry_out(const BlockOrder& order, Time now) {
    if (order.by.role < Role::operator_) {
        const auto recorded =
            record_refusal(store_, order,
                           verb_word(order) + " of " + std::to_string(order.networks.size()) +
                               " networks needs the role operator",
                           now);
        if (!recorded) return tl::unexpected(recorded.error());
        return fail(ErrorCode::forbidden, "changing rules needs the role operator; " + order.by.name +
                                              " has " + std::string(to_text(order.by.role)));
    }
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
    const auto networks = read_rows(order, options_, around, outcome);
    if (const auto why = forbidden_rows(outcome); !why.empty())
        if (const auto recorded = record_refusal(store_, order, why, now); !recorded)
            return tl::unexpected(recorded.error());
    RuleChange change = change_of(order, options_, now);
    for (std::size_t first = 0; first < networks.size(); first += networks_in_batch) {
        const auto batch =
            std::span(networks).subspan(first, std::min(networks_in_batch, networks.size() - first));
        std::size_t changed = 0;
        std::size_t asked = 0;
        const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
            changed = 0;
            // asked again: a device that has joined since would get neither this nor an inheritance
            const auto on = order.devices.empty() ? names_of(transaction.devices()) : *devices;
            asked = batch.size() * on.size();
            for (const auto& device : on) {
                const auto before = changed;
                change.device = device;
                for (const auto& network : batch) {
                    change.params = network.text();
                    changed += transaction.change_rule(change, now) ? 1U : 0U;
                }
                if (changed != before) transaction.ring({store::Topic::rules, device});
            }
            if (changed > 0)
                (void)transaction.add_audit({0, now, order.by, verb_word(order), object_of(*devices, order),
                                             detail_of(batch, change)});
            return {};
        });
        if (!written) return tl::unexpected(written.error());
        outcome.changed += changed;
        outcome.unchanged += asked - changed;
    }
    return outcome;
}

}  // namespace garita::decide
