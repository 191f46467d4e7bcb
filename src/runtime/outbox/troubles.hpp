#pragma once
// What an administrator has to look at, by what it is about.

#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace garita::runtime {

/// Any thread.
class Troubles {
  public:
    /// `about` names the trouble ("token", "chat -100123"); a new text replaces the old.
    /// Returns whether this is news.
    bool trouble(const std::string& about, std::string text);
    /// Returns whether there was one.
    bool well(const std::string& about);
    /// "token: …", in the order of what they are about.
    [[nodiscard]] std::vector<std::string> texts() const;

  private:
    mutable std::mutex mutex_;
    std::map<std::string, std::string> troubles_;
};

}  // namespace garita::runtime
