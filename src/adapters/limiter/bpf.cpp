#include "adapters/limiter/bpf.hpp"

#include <algorithm>
#include <array>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <unistd.h>

#include "runtime/confinement/privileges.hpp"

namespace garita::limiter {
namespace {

constexpr std::uint32_t read_at_once = 4096;
constexpr std::uint32_t most_in_one_bucket = 1U << 20U;
constexpr int not_supported_there = 524;  // ENOTSUPP, which user space has no name for

/// libbpf would write to standard error.
void be_quiet() {
    static std::once_flag once;
    std::call_once(once, [] { libbpf_set_print(nullptr); });
}

std::string why_denied() {
    using runtime::Capability;
    std::string missing;
    for (const auto one : {Capability::bpf, Capability::net_admin})
        if (!runtime::holds(one))
            missing.append(missing.empty() ? "" : " and ").append(runtime::name_of(one));
    if (!missing.empty()) return " (it needs " + missing + ", which this process does not have)";
    return " (it has CAP_BPF and CAP_NET_ADMIN: may it enter the folder, and does the unit's "
           "SystemCallFilter allow "
           "bpf?)";
}

/// Whatever libbpf does, the error is a positive number here.
int error_of(int code) {
    return code < 0 ? -code : 0;
}

}  // namespace

BpfObject::~BpfObject() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

tl::unexpected<Error> bpf_refused(const std::string& what, int error) {
    const bool denied = error == EPERM || error == EACCES;
    std::string text = "the kernel refused " + what + ": " + std::strerror(error);
    if (denied) text += why_denied();
    return fail(denied ? ErrorCode::forbidden : ErrorCode::io, std::move(text),
                denied ? Retry::no : Retry::later);
}

Result<void> BpfObject::pin(const std::string& path) const {
    const std::string beside = path + "-next";
    ::unlink(beside.c_str());
    if (const int code = bpf_obj_pin(descriptor_, beside.c_str()); code < 0)
        return bpf_refused("the name " + path + " (is the file system bpf mounted there?)", error_of(code));
    std::error_code failed;
    std::filesystem::rename(beside, path, failed);
    if (failed) return bpf_refused("the name " + path, failed.value());
    return {};
}

Result<BpfObject> BpfObject::pinned(const std::string& path) {
    const int descriptor = bpf_obj_get(path.c_str());
    if (descriptor >= 0) return BpfObject(descriptor);
    const int error = error_of(descriptor);
    if (error == ENOENT || error == EINVAL || error == ENOTDIR) return BpfObject();
    return bpf_refused("to open " + path, error);
}

Result<MapFacts> facts_of(const BpfObject& map) {
    bpf_map_info info{};
    std::uint32_t size = sizeof info;
    if (const int code = bpf_obj_get_info_by_fd(map.descriptor(), &info, &size); code < 0)
        return bpf_refused("to tell about a map", error_of(code));
    return MapFacts{info.id, info.type, info.key_size, info.value_size, info.max_entries};
}

Result<BpfObject> make_buckets(std::uint32_t capacity) {
    be_quiet();
    const int descriptor = bpf_map_create(BPF_MAP_TYPE_HASH, "garita_rates", sizeof(Subscriber),
                                          sizeof(Bucket), capacity, nullptr);
    if (descriptor < 0) return bpf_refused("a map of subscribers", error_of(descriptor));
    return BpfObject(descriptor);
}

BatchEnd put_buckets(const BpfObject& map, std::span<const Subscriber> keys,
                     std::span<const Bucket> buckets) {
    auto count = static_cast<std::uint32_t>(keys.size());
    const int code = bpf_map_update_batch(map.descriptor(), keys.data(), buckets.data(), &count, nullptr);
    return {count, error_of(code)};
}

BatchEnd take_buckets(const BpfObject& map, std::span<const Subscriber> keys) {
    auto count = static_cast<std::uint32_t>(keys.size());
    const int code = bpf_map_delete_batch(map.descriptor(), keys.data(), &count, nullptr);
    return {count, error_of(code)};
}

Result<void> read_buckets(const BpfObject& map, const BucketSink& sink) {
    std::vector<Subscriber> keys(read_at_once);
    std::vector<Bucket> buckets(read_at_once);
    std::uint32_t place = 0;
    for (void* from = nullptr;;) {
        auto count = static_cast<std::uint32_t>(keys.size());
        const int error = error_of(bpf_map_lookup_batch(map.descriptor(), from, &place, keys.data(),
                                                        buckets.data(), &count, nullptr));
        if (error == ENOSPC && count == 0 && keys.size() < most_in_one_bucket) {
            keys.resize(keys.size() * 2);  // so many fell upon each other
            buckets.resize(keys.size());
            continue;
        }
        if (error != 0 && error != ENOENT && error != ENOSPC)
            return bpf_refused("to read a map of subscribers", error);
        sink(std::span(keys).first(count), std::span(buckets).first(count));
        if (error == ENOENT) return {};
        from = &place;
    }
}

Result<BpfObject> make_table(const BpfObject& like) {
    be_quiet();
    bpf_map_create_opts options{};
    options.sz = sizeof options;
    options.inner_map_fd = static_cast<std::uint32_t>(like.descriptor());
    const int descriptor = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "garita_limiter", sizeof(std::uint32_t),
                                          sizeof(std::uint32_t), shard_count, &options);
    if (descriptor < 0) return bpf_refused("an array of maps", error_of(descriptor));
    return BpfObject(descriptor);
}

std::uint32_t map_in(const BpfObject& table, std::uint32_t place) {
    std::uint32_t id = 0;
    return bpf_map_lookup_elem(table.descriptor(), &place, &id) < 0 ? 0 : id;
}

Result<void> put_maps(const BpfObject& table, std::span<const std::uint32_t> places,
                      std::span<const int> maps) {
    // The kernel waits after each call until no packet is on its way with an old map: one call for all.
    auto count = static_cast<std::uint32_t>(places.size());
    int error =
        error_of(bpf_map_update_batch(table.descriptor(), places.data(), maps.data(), &count, nullptr));
    if (error == EOPNOTSUPP || error == not_supported_there || error == EINVAL) {
        error = 0;  // an older kernel: one after the other
        for (std::size_t i = 0; i < places.size() && error == 0; ++i)
            error = error_of(bpf_map_update_elem(table.descriptor(), &places[i], &maps[i], BPF_ANY));
    }
    if (error != 0) return bpf_refused("to take over a map of subscribers", error);
    return {};
}

Result<LoadedProgram> load_program(std::span<const bpf_insn> instructions) {
    be_quiet();
    std::array<char, 16 * 1024> log{};
    bpf_prog_load_opts options{};
    options.sz = sizeof options;
    options.log_buf = log.data();
    options.log_size = log.size();
    const int descriptor = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "garita_limiter", "Apache-2.0",
                                         instructions.data(), instructions.size(), &options);
    if (descriptor < 0) {
        auto failure = bpf_refused("the limiter's program", error_of(descriptor));
        std::string_view words(log.data());
        while (!words.empty() && (words.back() == '\n' || words.back() == ' '))
            words.remove_suffix(1);
        if (!words.empty())
            failure.value().text +=
                " (" + std::string(words.substr(words.size() > 300 ? words.size() - 300 : 0)) + ")";
        return failure;
    }
    LoadedProgram loaded{BpfObject(descriptor), {}};
    bpf_prog_info info{};
    std::uint32_t size = sizeof info;
    if (const int code = bpf_obj_get_info_by_fd(descriptor, &info, &size); code < 0)
        return bpf_refused("to tell about the limiter's program", error_of(code));
    for (const unsigned byte : info.tag) {
        constexpr const char* digits = "0123456789abcdef";
        loaded.tag += {digits[byte / 16], digits[byte % 16]};
    }
    return loaded;
}

}  // namespace garita::limiter
