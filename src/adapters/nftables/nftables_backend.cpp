#include "adapters/nftables/nftables_backend.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <utility>

#include "adapters/nftables/element_reader.hpp"
#include "adapters/nftables/netlink_kernel.hpp"

namespace garita::nftables {
namespace {

constexpr int rebuild_attempts = 3;
constexpr std::array<Layer, 2> host_layers{Layer{IpFamily::v4, 32}, Layer{IpFamily::v6, 128}};

bool valid_table_name(const std::string& name) {
    return !name.empty() && name.size() <= 31 && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool has(const std::vector<std::string>& all, const std::string& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

}  // namespace

Result<std::unique_ptr<NftablesBackend>> NftablesBackend::open(Settings settings,
                                                               enforce::ConnectionCutter& cutter) {
    auto kernel = NetlinkKernel::open();
    if (!kernel) return tl::unexpected(kernel.error());
    return std::make_unique<NftablesBackend>(std::move(settings), std::move(*kernel), cutter);
}

NftablesBackend::NftablesBackend(Settings settings, std::unique_ptr<NftKernel> kernel,
                                 enforce::ConnectionCutter& cutter)
    : settings_(std::move(settings)), kernel_(std::move(kernel)), cutter_(cutter) {
    if (!valid_table_name(settings_.table))
        throw std::invalid_argument("the nftables table name must be 1 to 31 of a-z, 0-9 and _, not '" +
                                    settings_.table + "'");
    settings_.changes_per_transaction = std::max<std::size_t>(settings_.changes_per_transaction, 1);
}

tl::unexpected<Error> NftablesBackend::gone() const {
    return fail(ErrorCode::conflict,
                "table inet " + settings_.table + " is not there, or not complete: prepare it first",
                Retry::later);
}

void NftablesBackend::put_layer(NftBatch& batch, const Layer& layer) const {
    batch.add_set(layer, settings_.capacity);
    batch.add_rule(layer);
}

bool NftablesBackend::complete(const Structure& structure) const {
    if (structure.table == Structure::Presence::absent || structure.chain == Structure::Presence::absent)
        return false;
    if (!has(structure.rules, loopback_comment)) return false;
    return std::all_of(layers_.begin(), layers_.end(), [&](const Layer& layer) {
        return has(structure.rules, rule_comment(layer)) &&
               std::find(structure.sets.begin(), structure.sets.end(), layer) != structure.sets.end();
    });
}

Result<void> NftablesBackend::prepare() {
    const auto structure = kernel_->structure(settings_.table);
    if (!structure) return tl::unexpected(structure.error());
    std::set<Layer> layers(host_layers.begin(), host_layers.end());
    layers.insert(structure->sets.begin(), structure->sets.end());
    NftBatch batch = kernel_->begin(settings_.table);
    batch.add_table();
    batch.add_chain();
    if (!has(structure->rules, loopback_comment)) batch.add_loopback_rule();
    for (const auto& layer : layers) {
        const bool set_there =
            std::find(structure->sets.begin(), structure->sets.end(), layer) != structure->sets.end();
        if (!set_there) batch.add_set(layer, settings_.capacity);
        if (!has(structure->rules, rule_comment(layer))) batch.add_rule(layer);
    }
    const auto refusals = kernel_->commit(batch);
    if (!refusals) return tl::unexpected(refusals.error());
    if (!refusals->empty()) return refused_as_whole(settings_.table, refusals->front());
    layers_ = std::move(layers);
    prepared_ = Known::yes;
    shadow_known_ = Known::no;
    generation_.reset();
    return {};
}

Result<void> NftablesBackend::read_all(const Moment& moment, std::vector<enforce::BlockEntry>* in_force) {
    const auto before = kernel_->generation();
    if (!before) return tl::unexpected(before.error());
    const auto structure = kernel_->structure(settings_.table);
    if (!structure) return tl::unexpected(structure.error());
    if (structure->table == Structure::Presence::absent || structure->chain == Structure::Presence::absent)
        return gone();
    ElementReader reader(*kernel_, settings_.table, shadow_known_ == Known::yes ? &shadow_ : nullptr);
    Shadow seen;
    for (const auto& layer : structure->sets) {
        const auto entries = reader.read(layer, moment);
        if (!entries) return tl::unexpected(entries.error());
        for (const auto& entry : *entries)
            seen.set(entry.network, entry.expires_at.value_or(never));
        // Elements of a set that no rule looks at are there, but block nothing.
        const bool effective = has(structure->rules, rule_comment(layer));
        if (effective) layers_.insert(layer);
        if (effective && in_force != nullptr)
            in_force->insert(in_force->end(), entries->begin(), entries->end());
    }
    shadow_ = std::move(seen);
    shadow_known_ = Known::yes;
    const auto after = kernel_->generation();
    generation_.reset();
    if (after && *after == *before && complete(*structure)) generation_ = *after;
    return {};
}

Result<void> NftablesBackend::read_shadow(const Moment& moment) {
    return read_all(moment, nullptr);
}

Result<std::vector<enforce::BlockEntry>> NftablesBackend::read_back(Time now) {
    const Moment moment(now);
    std::vector<enforce::BlockEntry> entries;
    if (auto read = read_all(moment, &entries); !read) return tl::unexpected(read.error());
    std::sort(entries.begin(), entries.end(),
              [](const auto& a, const auto& b) { return a.network < b.network; });
    return entries;
}

void NftablesBackend::follow_generation(std::uint32_t transactions) {
    if (!generation_ || transactions == 0) return;
    const std::uint32_t expected = *generation_ + transactions;
    const auto current = kernel_->generation();
    generation_.reset();
    if (current && *current == expected) generation_ = expected;
}

enforce::BatchResult NftablesBackend::finish(WriteOutcome outcome) {
    follow_generation(outcome.transactions);
    enforce::BatchResult result{std::move(outcome.failed), 0, std::nullopt};
    auto cut = cutter_.cut(outcome.fresh);
    if (cut)
        result.connections_cut = *cut;
    else
        result.cut_error = std::move(cut.error());
    return result;
}

Result<void> NftablesBackend::look_for_removals(std::span<const Wanted> chunk, const Moment& moment) {
    std::map<Layer, std::vector<IpNetwork>> unknown;
    for (const auto& wanted : chunk) {
        const bool removed = wanted.change == enforce::BlockChange::remove;
        const Layer layer = Layer::of(wanted.network);
        if (removed && layers_.contains(layer) && !shadow_.holds(wanted.network, moment.now()))
            unknown[layer].push_back(wanted.network);
    }
    for (const auto& [layer, networks] : unknown) {
        const auto found = kernel_->look_up(settings_.table, layer, networks);
        if (!found) return tl::unexpected(found.error());
        for (const auto& seen : *found)
            shadow_.set(seen.network, never);
    }
    return {};
}

Result<void> NftablesBackend::write_chunk(std::span<const Wanted> chunk, const Moment& moment,
                                          WriteOutcome& outcome) {
    if (auto looked = look_for_removals(chunk, moment); !looked) return looked;
    std::set<Layer> missing;
    for (const auto& wanted : chunk)
        if (wanted.change == enforce::BlockChange::add) missing.insert(Layer::of(wanted.network));
    for (const auto& layer : layers_)
        missing.erase(layer);
    ElementWriter writer(*kernel_, settings_.table, shadow_, [&] { return read_shadow(moment); });
    const auto preamble = [&](NftBatch& batch) {
        for (const auto& layer : missing)
            put_layer(batch, layer);
    };
    auto written = writer.write({chunk.begin(), chunk.end()}, moment, preamble, outcome);
    if (written) layers_.merge(missing);
    return written;
}

Result<enforce::BatchResult> NftablesBackend::apply(std::span<const enforce::BlockEntry> add,
                                                    std::span<const IpNetwork> remove, Time now) {
    if (prepared_ == Known::no) return gone();
    const Moment moment(now);
    if (shadow_known_ == Known::no)
        if (auto read = read_shadow(moment); !read) return tl::unexpected(read.error());
    shadow_.forget_ended(now);
    const auto wanted = merge_changes(add, remove, now);
    WriteOutcome outcome;
    Result<void> written;
    for (std::size_t at = 0; at < wanted.size() && written; at += settings_.changes_per_transaction) {
        const auto count = std::min(settings_.changes_per_transaction, wanted.size() - at);
        written = write_chunk(std::span(wanted).subspan(at, count), moment, outcome);
    }
    auto result = finish(std::move(outcome));  // also for what went in before a failure
    if (!written) return tl::unexpected(written.error());
    return result;
}

Result<void> NftablesBackend::write_anew(const std::vector<Wanted>& all, const Moment& moment,
                                         WriteOutcome& outcome) {
    const auto structure = kernel_->structure(settings_.table);
    if (!structure) return tl::unexpected(structure.error());
    std::set<Layer> layers(host_layers.begin(), host_layers.end());
    for (const auto& wanted : all)
        layers.insert(Layer::of(wanted.network));
    // The old table and the new one change places at one instant for every packet.
    const auto preamble = [&](NftBatch& batch) {
        if (structure->table == Structure::Presence::present) batch.delete_table();
        batch.add_table();
        batch.add_chain();
        batch.add_loopback_rule();
        for (const auto& layer : layers)
            put_layer(batch, layer);
    };
    Shadow fresh;
    ElementWriter writer(*kernel_, settings_.table, fresh, [] { return Result<void>{}; });
    if (auto written = writer.write(all, moment, preamble, outcome); !written) return written;
    shadow_ = std::move(fresh);
    shadow_known_ = Known::yes;
    prepared_ = Known::yes;
    layers_ = std::move(layers);
    return {};
}

Result<enforce::BatchResult> NftablesBackend::rebuild(std::span<const enforce::BlockEntry> all, Time now) {
    const Moment moment(now);
    auto wanted = merge_changes(all, {}, now);
    std::erase_if(wanted, [](const Wanted& one) { return one.change == enforce::BlockChange::remove; });
    for (int attempt = 1;; ++attempt) {
        WriteOutcome outcome;
        if (const auto generation = kernel_->generation()) generation_ = *generation;
        const auto written = write_anew(wanted, moment, outcome);
        if (written) return finish(std::move(outcome));
        generation_.reset();
        // The table came or went between looking and writing.
        if (written.error().code != ErrorCode::conflict || attempt == rebuild_attempts)
            return tl::unexpected(written.error());
    }
}

Result<enforce::Drift> NftablesBackend::check(Time) {
    if (prepared_ == Known::no) return enforce::Drift::structure;
    const auto generation = kernel_->generation();
    if (!generation) return tl::unexpected(generation.error());
    if (generation_ && *generation_ == *generation) return enforce::Drift::none;
    const auto structure = kernel_->structure(settings_.table);
    if (!structure) return tl::unexpected(structure.error());
    return complete(*structure) ? enforce::Drift::possible : enforce::Drift::structure;
}

Result<void> NftablesBackend::remove_all() {
    const auto structure = kernel_->structure(settings_.table);
    if (!structure) return tl::unexpected(structure.error());
    if (structure->table == Structure::Presence::present) {
        NftBatch batch = kernel_->begin(settings_.table);
        batch.delete_table();
        const auto refusals = kernel_->commit(batch);
        if (!refusals) return tl::unexpected(refusals.error());
        if (!refusals->empty() && refusals->front().error != ENOENT)
            return refused_as_whole(settings_.table, refusals->front());
    }
    shadow_.clear();
    shadow_known_ = Known::no;
    prepared_ = Known::no;
    layers_.clear();
    generation_.reset();
    return {};
}

}  // namespace garita::nftables
