#pragma once
// Only one program at a time may write a store's file.

#include <filesystem>

namespace garita::sqlite {

/// Holds "<file>.lock" until its end; the kernel lets go of it when the process dies. Throws Failure.
class FileLock {
  public:
    explicit FileLock(const std::filesystem::path& file);
    ~FileLock();
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;

  private:
    int fd_;
};

}  // namespace garita::sqlite
