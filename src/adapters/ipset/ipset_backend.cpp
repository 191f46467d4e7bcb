#include "adapters/ipset/ipset_backend.hpp"

#include <algorithm>
#include <bit>

namespace garita::ipset {
namespace {

using enforce::ChangeFailure;
using enforce::ClassChange;

constexpr std::size_t longest_name = 25;  // "-4" and "-new" go behind it, and 31 is the kernel's limit
constexpr std::size_t sent_at_once = 4000;
constexpr std::uint32_t fewest_buckets = 1024;
constexpr std::uint32_t most_buckets = 1U << 22U;
// The share of its own time that counting may take.
constexpr int counting_share = 100;

bool set_name(std::string_view name) {
    return !name.empty() && name.size() <= longest_name && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '.' || c == '-';
    });
}

Error not_of_this_class() {
    return {ErrorCode::invalid, "these are no parameters of the rules as they are now", Retry::no};
}

std::vector<ChangeFailure> ordered(std::vector<ChangeFailure> failures, std::vector<RefusedElement> refused) {
    for (auto& one : refused)
        failures.push_back({one.position, std::move(one.error)});
    std::sort(failures.begin(), failures.end(),
              [](const auto& a, const auto& b) { return a.change < b.change; });
    return failures;
}

}  // namespace

IpsetBackend::IpsetBackend(Shape shape, Settings settings, Kernel kernel, std::optional<RuleValue> absent)
    : shape_(shape), settings_(std::move(settings)), kernel_(std::move(kernel)), absent_(absent) {
    if (shape_.by_family())
        sets_ = {{settings_.set + "-4", 4}, {settings_.set + "-6", 6}};
    else
        sets_ = {{settings_.set, 0}};
}

Result<void> IpsetBackend::fits(const RuleClass& rules, const Settings& settings) {
    if (!set_name(settings.set))
        return fail(ErrorCode::invalid, "ipset for " + rules.name() + ": \"" + settings.set +
                                            "\" is no name of a set: 1 to 25 letters, digits and _ . -");
    if (settings.capacity == 0)
        return fail(ErrorCode::invalid, "ipset for " + rules.name() + ": a set of no elements is of no use");
    if (const auto shape = Shape::of(rules); !shape) return tl::unexpected(shape.error());
    return {};
}

Result<std::unique_ptr<IpsetBackend>> IpsetBackend::open(const RuleClass& rules, Settings settings) {
    if (auto fit = fits(rules, settings); !fit) return tl::unexpected(fit.error());
    auto shape = Shape::of(rules);
    if (!shape) return tl::unexpected(shape.error());
    auto kernel = Kernel::open(*shape);
    if (!kernel) return tl::unexpected(kernel.error());
    return std::unique_ptr<IpsetBackend>(
        new IpsetBackend(*shape, std::move(settings), std::move(*kernel), rules.absent()));
}

std::size_t IpsetBackend::set_of(const RuleKey& key) const {
    return family_of(shape_, key) == 6 ? 1 : 0;
}

SetName IpsetBackend::new_set(std::size_t set) const {
    return {sets_[set].name + "-new", sets_[set].family};
}

Result<void> IpsetBackend::prepare() {
    for (std::size_t set = 0; set < sets_.size(); ++set) {
        const auto made = kernel_.create(sets_[set], {fewest_buckets, settings_.capacity});
        if (!made) return tl::unexpected(made.error());
        if (*made == Kernel::Made::yes) continue;
        if (auto converted = convert(set); !converted) return converted;
    }
    return {};
}

/// One with other properties (a capacity of an earlier configuration) becomes one with those of today, with
/// its elements and without a moment in which packets meet none of them.
Result<void> IpsetBackend::convert(std::size_t set) {
    std::vector<Element> elements;
    const auto listed = kernel_.list(sets_[set], [&](const RuleKey& key, const RuleValue& value) {
        elements.push_back({key, value, elements.size()});
    });
    if (!listed) return listed;
    if (auto begun = begin_new(set, elements.size()); !begun) return begun;
    std::vector<RefusedElement> refused;
    if (auto filled = kernel_.change(new_set(set), ElementVerb::add, elements, refused); !filled)
        return filled;
    return bring_in(set);
}

Result<void> IpsetBackend::begin_new(std::size_t set, std::size_t count) {
    // What a death in the middle has left has elements of then.
    if (auto gone = kernel_.destroy(new_set(set)); !gone) return gone;
    const auto wanted = static_cast<std::uint32_t>(std::min<std::size_t>(count, most_buckets));
    const auto buckets = std::clamp(std::bit_ceil(wanted), fewest_buckets, most_buckets);
    const auto made = kernel_.create(new_set(set), {buckets, settings_.capacity});
    if (!made) return tl::unexpected(made.error());
    return {};
}

Result<void> IpsetBackend::bring_in(std::size_t set) {
    if (auto swapped = kernel_.swap(sets_[set], new_set(set)); !swapped) return swapped;
    return kernel_.destroy(new_set(set));
}

Result<std::vector<ChangeFailure>> IpsetBackend::apply(std::span<const ClassChange> changes) {
    Failures failures;
    std::vector<RefusedElement> refused;
    std::array<std::array<std::vector<Element>, 2>, 2> outgoing;  // by set, then by verb
    for (std::size_t i = 0; i < changes.size(); ++i) {
        const auto& change = changes[i];
        if (!shape_.holds(change.key)) {
            failures.push_back({i, not_of_this_class()});
            continue;
        }
        const bool there = change.after && change.after != absent_;
        outgoing[set_of(change.key)][there ? 0 : 1].push_back(
            {change.key, there ? *change.after : RuleValue{}, i});
    }
    for (std::size_t set = 0; set < sets_.size(); ++set)
        for (const auto verb : {ElementVerb::add, ElementVerb::remove})
            if (auto done = kernel_.change(sets_[set], verb, outgoing[set][verb == ElementVerb::add ? 0 : 1],
                                           refused);
                !done)
                return tl::unexpected(done.error());
    return ordered(std::move(failures), std::move(refused));
}

Result<void> IpsetBackend::read_back(const enforce::EntrySink& entry) {
    for (const auto& set : sets_)
        if (auto listed = kernel_.list(set, entry); !listed) return listed;
    return {};
}

Result<std::vector<ChangeFailure>> IpsetBackend::rebuild(const enforce::EntrySource& all, std::size_t count) {
    if (auto made = prepare(); !made) return tl::unexpected(made.error());
    for (std::size_t set = 0; set < sets_.size(); ++set)
        if (auto begun = begin_new(set, sets_[set].family == 6 ? 0 : count); !begun)
            return tl::unexpected(begun.error());
    Failures failures;
    std::vector<RefusedElement> refused;
    std::array<std::vector<Element>, 2> outgoing;
    std::optional<Error> stopped;
    const auto send = [&](std::size_t set) {
        auto done = kernel_.change(new_set(set), ElementVerb::add, outgoing[set], refused);
        outgoing[set].clear();
        if (!done && !stopped) stopped = done.error();
    };
    std::size_t position = 0;
    all([&](const RuleKey& key, const RuleValue& value) {
        const auto at = position++;
        if (stopped) return;
        if (!shape_.holds(key)) {
            failures.push_back({at, not_of_this_class()});
            return;
        }
        const auto set = set_of(key);
        outgoing[set].push_back({key, value, at});
        if (outgoing[set].size() == sent_at_once) send(set);
    });
    for (std::size_t set = 0; set < sets_.size(); ++set)
        send(set);
    if (stopped) return tl::unexpected(*stopped);
    for (std::size_t set = 0; set < sets_.size(); ++set)
        if (auto done = bring_in(set); !done) return tl::unexpected(done.error());
    return ordered(std::move(failures), std::move(refused));
}

Result<enforce::Drift> IpsetBackend::check(std::size_t count) {
    for (const auto& set : sets_) {
        const auto there = kernel_.exists(set);
        if (!there) return tl::unexpected(there.error());
        if (!*there) return enforce::Drift::structure;
    }
    const auto begun = Clock::now();
    if (begun < count_after_) return enforce::Drift::none;
    std::size_t is = 0;
    for (const auto& set : sets_) {
        const auto elements = kernel_.count(set);
        if (!elements) return tl::unexpected(elements.error());
        if (!*elements) return enforce::Drift::structure;
        is += **elements;
    }
    const auto took = Clock::now() - begun;
    // A few are counted each time.
    count_after_ = took > std::chrono::milliseconds(1) ? begun + took * counting_share : Clock::time_point{};
    return is == count ? enforce::Drift::none : enforce::Drift::possible;
}

Result<void> IpsetBackend::remove_all() {
    for (std::size_t set = 0; set < sets_.size(); ++set) {
        if (auto gone = kernel_.destroy(new_set(set)); !gone) return gone;
        if (auto gone = kernel_.destroy(sets_[set]); !gone) return gone;
    }
    return {};
}

}  // namespace garita::ipset
