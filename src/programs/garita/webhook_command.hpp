#pragma once

namespace CLI {
class App;
}

namespace garita::programs {

void add_webhook_command(CLI::App& app, int& exit_code);  ///< webhook test

}  // namespace garita::programs
