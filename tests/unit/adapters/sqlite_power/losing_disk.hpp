#pragma once
// A disk that has on its platters only what was synced. What is written after a file's last sync lies in its
// cache, and of that a power cut keeps what it likes: whole writes, single sectors of them, or nothing.
//
// Names are another matter: a file that was made, renamed or removed is so at once.
//
// It stands between this program and the C library: every write, sync and truncation below one directory is
// remembered, whoever makes it.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace garita::testing_support {

class LosingDisk {
  public:
    /// What lies in one file's cache, and what is safe.
    struct File {
        struct Write {
            std::uint64_t at = 0;
            std::string bytes;
            std::optional<std::uint64_t> truncated_to;  ///< instead of bytes
        };
        std::string safe;
        std::vector<Write> cached;
    };
    /// The disk at the moment of a cut: files by name.
    using Contents = std::map<std::string, File>;

    /// Of the files below this directory, which are safe as they are now. One at a time in a program.
    explicit LosingDisk(std::filesystem::path directory);
    ~LosingDisk();
    LosingDisk(const LosingDisk&) = delete;
    LosingDisk& operator=(const LosingDisk&) = delete;

    /// Called before each write, sync and truncation of a file, one at a time: the moment to look.
    using Observer = std::function<void(const std::string& name)>;
    void before_each(Observer observer);
    /// From within the observer: the disk as it is at this moment.
    [[nodiscard]] Contents contents() const { return files_; }

    // called by the C library's stand-ins
    void written(const std::string& name, std::uint64_t at, std::string_view bytes);
    void truncated(const std::string& name, std::uint64_t size);
    void synced(const std::string& name);
    void removed(const std::string& name);
    void renamed(const std::string& from, const std::string& to);
    static LosingDisk* in_force();
    /// Empty: not below the directory.
    [[nodiscard]] std::string name_of(const std::string& path) const;
    [[nodiscard]] std::string name_of(int fd) const;
    std::recursive_mutex& mutex() { return mutex_; }
    void observe(const std::string& name);

  private:
    std::filesystem::path directory_;
    Contents files_;
    Observer observer_;
    std::recursive_mutex mutex_;
};

/// Writes into an empty directory what a cut at that moment leaves. The same random numbers, the same loss.
void leave_after_cut(const LosingDisk::Contents& contents, const std::filesystem::path& directory,
                     std::mt19937& random);

}  // namespace garita::testing_support
