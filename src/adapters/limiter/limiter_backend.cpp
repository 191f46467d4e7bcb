#include "adapters/limiter/limiter_backend.hpp"

#include <algorithm>

namespace garita::limiter {
namespace {

using enforce::ChangeFailure;
using enforce::ClassChange;
using enforce::Drift;
using runtime::traffic::TrafficSocket;

constexpr std::size_t longest_name = 40;
// The share of its own time that looking at entries may take.
constexpr int looking_share = 100;

bool is_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_name && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-';
    });
}

Result<void> check_settings(const RuleClass& rules, const Settings& settings) {
    const auto wrong = [&](const std::string& what) {
        return fail(ErrorCode::invalid, "limiter for " + rules.name() + ": " + what);
    };
    if (rules.params().size() != 1 || rules.params()[0].type != ParamType::address)
        return wrong("its rules have to have one parameter, an address");
    if (rules.value().type != ParamType::rate) return wrong("its value has to be a rate");
    if (!is_name(settings.name))
        return wrong("\"" + settings.name + "\" is no name for it: 1 to 40 letters, digits, '_' and '-'");
    if (settings.interfaces.empty()) return wrong("the interface where the subscribers are is missing");
    for (const auto& name : settings.interfaces)
        if (!is_interface_name(name)) return wrong("no interface is called \"" + name + "\"");
    if (settings.burst < std::chrono::milliseconds(1) || settings.burst > std::chrono::seconds(2))
        return wrong("a burst of 1 ms to 2 s is wanted");
    return {};
}

Error unfit(const char* what) {
    return {ErrorCode::invalid, what, Retry::no};
}
Error unfit_key() {
    return unfit("the limiter takes one address, and this is none");
}
Error unfit_value() {
    return unfit("the limiter takes a rate, and this is none");
}

}  // namespace

/// What goes to the kernel, by shard.
struct LimiterBackend::Outgoing {
    std::array<std::vector<Subscriber>, shard_count> put, take;
    std::array<std::vector<Bucket>, shard_count> buckets;
};

LimiterBackend::LimiterBackend(Settings settings, TrafficSocket socket)
    : settings_(std::move(settings)),
      socket_(std::move(socket)),
      table_(settings_.folder + "/" + settings_.name) {}

Result<std::unique_ptr<LimiterBackend>> LimiterBackend::open(const RuleClass& rules, Settings settings) {
    if (auto fits = check_settings(rules, settings); !fits) return tl::unexpected(fits.error());
    auto socket = TrafficSocket::open("the limiter of " + rules.name());
    if (!socket) return tl::unexpected(socket.error());
    return std::unique_ptr<LimiterBackend>(new LimiterBackend(std::move(settings), std::move(*socket)));
}

Result<void> LimiterBackend::prepare() {
    forget_known();
    if (auto made = table_.make(); !made) return made;
    if (auto hangs = attach(); !hangs) return hangs;
    return take_strays();
}

Result<std::vector<ChangeFailure>> LimiterBackend::apply(std::span<const ClassChange> changes) {
    std::vector<ChangeFailure> failures;
    Outgoing outgoing;
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto& change = changes[i];
        const auto subscriber = subscriber_of(change.key);
        const auto rate = change.after ? rate_of(*change.after) : std::nullopt;
        if (!subscriber || (change.after && !rate)) {
            failures.push_back({i, subscriber ? unfit_value() : unfit_key()});
            continue;
        }
        const auto shard = shard_of(*subscriber);
        (rate ? outgoing.put : outgoing.take)[shard].push_back(*subscriber);
        if (rate) outgoing.buckets[shard].push_back({0, *rate});
    }
    for (std::size_t shard = 0; shard < shard_count; ++shard) {
        if (outgoing.put[shard].empty() && outgoing.take[shard].empty()) continue;
        known_[shard].reset();
        if (auto put = table_.put(shard, outgoing.put[shard], outgoing.buckets[shard]); !put)
            return tl::unexpected(put.error());
        if (auto taken = table_.take(shard, outgoing.take[shard]); !taken)
            return tl::unexpected(taken.error());
    }
    return failures;
}

std::size_t LimiterBackend::part_of(const RuleKey& key) const {
    const auto subscriber = subscriber_of(key);
    return subscriber ? shard_of(*subscriber) : 0;
}

Result<LimiterBackend::Known> LimiterBackend::look_at(std::size_t shard, const enforce::EntrySink* sink) {
    Known known;
    const auto read =
        table_.read(shard, [&](std::span<const Subscriber> keys, std::span<const Bucket> buckets) {
            known.count += keys.size();
            for (std::size_t i = 0; i < keys.size(); ++i) {
                known.print += print_of(keys[i], buckets[i]);
                if (sink != nullptr) (*sink)(key_of(keys[i]), value_of(buckets[i].bits_per_second));
            }
        });
    if (!read) return tl::unexpected(read.error());
    return known;
}

Result<void> LimiterBackend::read_part(std::size_t part, const enforce::EntrySink& entry) {
    const auto looked = look_at(part, &entry);
    if (!looked) return tl::unexpected(looked.error());
    known_[part] = *looked;
    return {};
}

Result<void> LimiterBackend::read_back(const enforce::EntrySink& entry) {
    for (std::size_t shard = 0; shard < shard_count; ++shard)
        if (auto read = read_part(shard, entry); !read) return read;
    return {};
}

Result<std::vector<ChangeFailure>> LimiterBackend::rebuild(const enforce::EntrySource& all,
                                                           std::size_t /*count*/) {
    forget_known();
    if (auto made = table_.make(); !made) return tl::unexpected(made.error());
    std::vector<ChangeFailure> failures;
    RateTable::Counts counts{};
    std::size_t position = 0;
    all([&](const RuleKey& key, const RuleValue& value) {
        const auto subscriber = subscriber_of(key);
        if (!subscriber || !rate_of(value))
            failures.push_back({position, subscriber ? unfit_value() : unfit_key()});
        else
            ++counts[shard_of(*subscriber)];
        ++position;
    });
    const auto replaced = table_.replace(counts, [&](const auto& put) {
        all([&](const RuleKey& key, const RuleValue& value) {
            const auto subscriber = subscriber_of(key);
            const auto rate = rate_of(value);
            if (subscriber && rate) put(*subscriber, Bucket{0, *rate});
        });
    });
    if (!replaced) return tl::unexpected(replaced.error());
    if (auto hangs = attach(); !hangs) return tl::unexpected(hangs.error());
    if (auto taken = take_strays(); !taken) return tl::unexpected(taken.error());
    return failures;
}

Result<Drift> LimiterBackend::check(std::size_t count) {
    if (!table_.whole()) {
        const auto opened = table_.open();
        if (!opened) return tl::unexpected(opened.error());
        if (!*opened) return Drift::structure;
        forget_known();
    }
    const auto hangs = attached();
    if (!hangs) return tl::unexpected(hangs.error());
    if (!*hangs) return Drift::structure;
    return look_at_entries(count);
}

Result<Drift> LimiterBackend::look_at_entries(std::size_t count) {
    const auto begun = Clock::now();
    if (begun < look_after_) return Drift::none;
    auto drift = Drift::none;
    for (std::size_t i = 0; i < shard_count && Clock::now() < begun + settings_.look_for; ++i) {
        const std::size_t shard = next_looked_at_++ % shard_count;
        const auto now = look_at(shard, nullptr);
        if (!now) return tl::unexpected(now.error());
        if (known_[shard] && *known_[shard] != *now) drift = Drift::possible;
        known_[shard] = *now;
    }
    const auto took = Clock::now() - begun;
    look_after_ = took > settings_.look_for ? begun + took * looking_share : Clock::time_point{};
    std::size_t there = 0;
    for (const auto& known : known_) {
        if (!known) return drift;
        there += known->count;
    }
    return there == count ? drift : Drift::possible;
}

}  // namespace garita::limiter
