#pragma once
// A file system of the kernel's maps and programs, for one test; gone with the last handle.

#include <memory>
#include <sched.h>
#include <string>

#include <sys/mount.h>

#include "support/temporary_directory.hpp"

namespace garita::testing_support {

class BpfFileSystem {
  public:
    /// Null where the process may not mount one. The calling thread, and those it starts from then on, see
    /// it: no other process does.
    static std::unique_ptr<BpfFileSystem> make() {
        static const bool own =
            unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
        std::unique_ptr<BpfFileSystem> made(new BpfFileSystem());
        if (!own || ::mount("bpf", made->path().c_str(), "bpf", 0, nullptr) != 0) return nullptr;
        made->mounted_ = true;
        return made;
    }
    ~BpfFileSystem() {
        if (mounted_) ::umount2(path().c_str(), MNT_DETACH);
    }
    BpfFileSystem(const BpfFileSystem&) = delete;
    BpfFileSystem& operator=(const BpfFileSystem&) = delete;

    [[nodiscard]] std::string path() const { return directory_.path().string(); }

  private:
    BpfFileSystem() = default;
    support::TemporaryDirectory directory_;
    bool mounted_ = false;
};

}  // namespace garita::testing_support
