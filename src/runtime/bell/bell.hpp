#pragma once
// One thread waits, another wakes it: two system calls a time. A condition variable would take four, because
// who wakes from one must take its mutex again and give it back as if others stood in line.

#include <cerrno>
#include <semaphore.h>

#include <system_error>

namespace garita::runtime {

/// A ring is kept until it is waited for. What was written before ring() is seen after wait().
class Bell {
  public:
    Bell() {
        if (::sem_init(&rings_, 0, 0) != 0)
            throw std::system_error(errno, std::generic_category(), "sem_init");
    }
    ~Bell() { ::sem_destroy(&rings_); }
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    void ring() { ::sem_post(&rings_); }
    void wait() {
        while (::sem_wait(&rings_) != 0) {  // interrupted by a signal
        }
    }

  private:
    sem_t rings_{};
};

}  // namespace garita::runtime
