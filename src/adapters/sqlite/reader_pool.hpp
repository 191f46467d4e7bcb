#pragma once
// A few read-only connections, opened when first needed, lent to one thread at a time.

#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "adapters/sqlite/connection.hpp"

namespace garita::sqlite {

class ReaderPool {
  public:
    ReaderPool(std::filesystem::path file, std::size_t most, Connection::Options options)
        : file_(std::move(file)), most_(most), options_(options) {}

    /// Gives the connection back at its end.
    class Loan {
      public:
        Loan(ReaderPool& pool, std::unique_ptr<Connection> connection)
            : pool_(pool), connection_(std::move(connection)) {}
        ~Loan() { pool_.give_back(std::move(connection_)); }
        Loan(const Loan&) = delete;
        Loan& operator=(const Loan&) = delete;
        [[nodiscard]] Connection& connection() const { return *connection_; }

      private:
        ReaderPool& pool_;
        std::unique_ptr<Connection> connection_;
    };

    /// Waits while all are lent. Throws Failure.
    [[nodiscard]] Loan borrow();

  private:
    void give_back(std::unique_ptr<Connection> connection);

    std::filesystem::path file_;
    std::size_t most_;
    Connection::Options options_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::size_t open_ = 0;
};

}  // namespace garita::sqlite
