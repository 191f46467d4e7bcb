#pragma once
// The two ends of a link in one process, with a thread that serves.

#include <thread>

#include <gtest/gtest.h>

#include "adapters/enforcer_link/client.hpp"
#include "adapters/enforcer_link/server.hpp"

namespace garita::enforcer_link {

class Linked {
  public:
    explicit Linked(const Offer& offer) : Linked(offer, Channel::pair().value()) {}
    ~Linked() {
        caller.close();
        if (thread_.joinable()) thread_.join();
    }
    Linked(const Linked&) = delete;
    Linked& operator=(const Linked&) = delete;

  private:
    Linked(const Offer& offer, std::pair<Channel, Channel> ends)
        : caller(std::move(ends.first), [this] { ++losses; }),
          theirs_(std::move(ends.second)),
          thread_([this, offer] {
              (void)serve(theirs_, offer);
              theirs_.close();
          }) {}

  public:
    int losses = 0;
    Caller caller;

  private:
    Channel theirs_;
    std::thread thread_;
};

}  // namespace garita::enforcer_link
