#include "unit/adapters/sqlite_power/losing_disk.hpp"

#include <array>
#include <atomic>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <unistd.h>

namespace garita::testing_support {
namespace {

constexpr std::size_t sector = 512;
std::atomic<LosingDisk*> disk_in_force{nullptr};

/// Memory that a program shares about its files goes with the power, and so do its locks.
bool is_no_content(const std::string& name) {
    return name.ends_with("-shm") || name.ends_with(".lock");
}

void put(std::string& content, std::uint64_t at, std::string_view bytes) {
    if (content.size() < at + bytes.size()) content.resize(at + bytes.size());
    content.replace(at, bytes.size(), bytes);
}

void apply(std::string& content, const LosingDisk::File::Write& write) {
    if (write.truncated_to)
        content.resize(*write.truncated_to);
    else
        put(content, write.at, write.bytes);
}

/// Some of the sectors that the write touches.
void apply_torn(std::string& content, const LosingDisk::File::Write& write, std::mt19937& random) {
    for (std::size_t from = 0; from < write.bytes.size();) {
        const auto in_sector = sector - (write.at + from) % sector;
        const auto size = std::min<std::size_t>(in_sector, write.bytes.size() - from);
        if (random() % 2 == 0)
            put(content, write.at + from, std::string_view(write.bytes).substr(from, size));
        from += size;
    }
}

}  // namespace

LosingDisk::LosingDisk(std::filesystem::path directory) : directory_(std::filesystem::canonical(directory)) {
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
        const auto name = entry.path().filename().string();
        std::ifstream file(entry.path(), std::ios::binary);
        if (!is_no_content(name)) files_[name].safe = {std::istreambuf_iterator<char>(file), {}};
    }
    LosingDisk* none = nullptr;
    if (!disk_in_force.compare_exchange_strong(none, this)) throw std::logic_error("one disk at a time");
}

LosingDisk::~LosingDisk() {
    disk_in_force = nullptr;
}

LosingDisk* LosingDisk::in_force() {
    return disk_in_force;
}

void LosingDisk::before_each(Observer observer) {
    const std::lock_guard lock(mutex_);
    observer_ = std::move(observer);
}

void LosingDisk::observe(const std::string& name) {
    if (observer_) observer_(name);
}

std::string LosingDisk::name_of(const std::string& path) const {
    const std::filesystem::path whole(path);
    if (whole.parent_path() != directory_ || is_no_content(path)) return {};
    return whole.filename().string();
}

std::string LosingDisk::name_of(int fd) const {
    std::array<char, 4096> target{};
    const auto link = "/proc/self/fd/" + std::to_string(fd);
    const auto size = ::readlink(link.c_str(), target.data(), target.size());
    return size <= 0 ? std::string() : name_of(std::string(target.data(), static_cast<std::size_t>(size)));
}

void LosingDisk::written(const std::string& name, std::uint64_t at, std::string_view bytes) {
    files_[name].cached.push_back({at, std::string(bytes), std::nullopt});
}

void LosingDisk::truncated(const std::string& name, std::uint64_t size) {
    files_[name].cached.push_back({0, {}, size});
}

void LosingDisk::synced(const std::string& name) {
    auto& file = files_[name];
    for (const auto& write : file.cached)
        apply(file.safe, write);
    file.cached.clear();
}

void LosingDisk::removed(const std::string& name) {
    files_.erase(name);
}

void LosingDisk::renamed(const std::string& from, const std::string& to) {
    auto file = files_.extract(from);
    files_.erase(to);
    if (!file) return;
    file.key() = to;
    files_.insert(std::move(file));
}

void leave_after_cut(const LosingDisk::Contents& contents, const std::filesystem::path& directory,
                     std::mt19937& random) {
    for (const auto& [name, file] : contents) {
        auto left = file.safe;
        for (const auto& write : file.cached) {
            const auto fate = random() % 3;
            if (fate == 0) apply(left, write);
            if (fate == 1 && !write.truncated_to) apply_torn(left, write, random);
        }
        std::ofstream(directory / name, std::ios::binary) << left;
    }
}

}  // namespace garita::testing_support
