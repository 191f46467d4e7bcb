#include "adapters/crowdsec/bans.hpp"

#include <algorithm>

#include "adapters/crowdsec/wire.hpp"

namespace garita::crowdsec {
namespace {

using runtime::http::Method;

constexpr std::size_t changes_at_once = 100;
constexpr Duration look_again = std::chrono::seconds{10};
/// The device's row is written at least this often, to say that it lives.
constexpr Duration seen_interval = std::chrono::seconds{30};
constexpr Duration between_readings = std::chrono::minutes{1};
constexpr std::size_t rules_at_once = 1000;
constexpr std::string_view prefix = "crowdsec-";
constexpr std::string_view watched = "decisions of CrowdSec";

std::string escaped(std::string_view network) {
    std::string text;
    for (const char c : network)
        text += c == ':' ? std::string("%3A") : c == '/' ? std::string("%2F") : std::string(1, c);
    return text;
}

template <typename Sink>
void for_each_rule(store::View& view, const std::string& device, Sink sink) {
    store::RuleQuery query;
    query.device = device;
    query.limit = rules_at_once;
    for (std::size_t found = query.limit; found == query.limit;) {
        const auto rules = view.rules(query);
        found = rules.size();
        for (const auto& rule : rules) {
            query.after = rule.id;
            sink(rule);
        }
    }
}

bool holds(const Rule& rule, Time now) {
    return rule.desired && (!rule.expires_at || *rule.expires_at > now);
}

}  // namespace

std::string device_of(std::string_view source) {
    return std::string(prefix).append(source);
}

Bans::Bans(LapiSettings lapi, store::Store& store)
    : lapi_(std::move(lapi)),
      name_("crowdsec bans " + lapi_.settings().name),
      device_(device_of(lapi_.settings().name)),
      store_(store),
      settlement_(store) {}

/// The device's row, and what was refused in an earlier life.
Result<void> Bans::join(Time now) {
    if (joined_) return {};
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        failed_.clear();
        auto device = transaction.find_device(device_).value_or(Device{});
        device.name = device_;
        device.watches = {std::string(watched)};
        decide::record_device(transaction, device, now);
        for_each_rule(transaction, device_, [&](const Rule& rule) {
            if (!rule.last_error.empty()) failed_[rule.seq] = rule.last_error;
        });
        return {};
    });
    joined_ = written.has_value();
    return written;
}

Result<std::vector<Rule>> Bans::changes(Device& device) {
    std::vector<Rule> found;
    const auto read = store_.read([&](store::View& view) -> Result<void> {
        found.clear();
        const auto row = view.find_device(device_);
        if (!row) return fail(ErrorCode::not_found, "the device " + device_ + " is not there", Retry::later);
        device = *row;
        if (!device.revoked_at) found = view.rule_changes(device_, device.applied_seq, changes_at_once);
        return {};
    });
    if (!read) return tl::unexpected(read.error());
    return found;
}

Result<void> Bans::make_so(const Rule& rule, Time now) {
    const auto network = IpNetwork::parse(rule.params);
    if (rule.name != block_rule || !network) return {};
    const auto gone = lapi_.call(Method::del, "/v1/decisions?scenario=" + std::string(ban_scenario) +
                                                  "&value=" + escaped(network->text()));
    if (!gone) return tl::unexpected(gone.error());
    if (!holds(rule, now)) return {};
    const auto made = lapi_.call(Method::post, "/v1/alerts", write_ban(*network, rule, now));
    if (!made) return tl::unexpected(made.error());
    return {};
}

Result<void> Bans::read_back(Time now) {
    const bool is_early = read_back_at_ && now >= *read_back_at_ && now - *read_back_at_ < between_readings;
    if (is_early) return {};
    const auto body = lapi_.call(Method::get,
                                 "/v1/alerts?limit=0&include_capi=false&has_active_decision=true"
                                 "&scenario=" +
                                     std::string(ban_scenario));
    if (!body) return tl::unexpected(body.error());
    const auto there = read_bans(*body);
    if (!there) return tl::unexpected(there.error());
    std::vector<Rule> missing;
    const auto read = store_.read([&](store::View& view) -> Result<void> {
        missing.clear();
        for_each_rule(view, device_, [&](const Rule& rule) {
            const auto network = IpNetwork::parse(rule.params);
            if (network && !there->contains(*network) && holds(rule, now) && !failed_.contains(rule.seq))
                missing.push_back(rule);
        });
        return {};
    });
    if (!read) return read;
    for (const auto& rule : missing)
        if (auto done = make_so(rule, now); !done && done.error().retry == Retry::later) return done;
    read_back_at_ = now;
    return {};
}

Result<void> Bans::confirm(Device device, std::int64_t up_to, Time now) {
    decide::RuleReceipt receipt;
    receipt.up_to_seq = up_to;
    for (const auto& [seq, error] : failed_)
        receipt.failed.push_back({seq, error});
    if (const auto told = settlement_.rules_in_force(device_, receipt, now); !told) return told;
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        device.applied_seq = up_to;
        device.last_seen = now;
        transaction.put_device(device);
        return {};
    });
}

Result<Duration> Bans::step(Time now) {
    if (const auto in = join(now); !in) return tl::unexpected(in.error());
    Device device;
    const auto rules = changes(device);
    if (!rules) return tl::unexpected(rules.error());
    auto up_to = device.applied_seq;
    std::optional<Error> away;
    for (const auto& rule : *rules) {
        const auto done = make_so(rule, now);
        if (!done && done.error().retry == Retry::later) {
            away = done.error();  // what was done before it is confirmed all the same
            break;
        }
        if (!done) failed_[rule.seq] = done.error().text;
        up_to = rule.seq;
    }
    const bool is_quiet =
        device.last_seen && now >= *device.last_seen && now - *device.last_seen < seen_interval;
    if (up_to != device.applied_seq || (!away && !is_quiet))
        if (const auto told = confirm(device, up_to, now); !told) return tl::unexpected(told.error());
    if (away) return tl::unexpected(*away);
    if (rules->size() == changes_at_once) return Duration::zero();
    if (auto done = read_back(now); !done) return tl::unexpected(done.error());
    return look_again;
}

Result<void> keep_devices(store::Store& store, const std::vector<std::string>& sources, Time now) {
    return store.write([&](store::Transaction& transaction) -> Result<void> {
        for (const auto& device : transaction.devices()) {
            if (!device.name.starts_with(prefix) || device.watches != std::vector{std::string(watched)})
                continue;
            const auto source = device.name.substr(prefix.size());
            const bool is_wanted = std::find(sources.begin(), sources.end(), source) != sources.end();
            if (is_wanted)
                decide::readmit_device(transaction, device.name, now);
            else if (!device.revoked_at)
                transaction.set_revoked(device.name, now);
        }
        return {};
    });
}

}  // namespace garita::crowdsec
