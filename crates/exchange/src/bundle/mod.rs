//! 摆渡包: one file that carries what waits to a platform, and its answers back, where there is no network.
