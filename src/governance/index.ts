/** The life of agreements: how they are changed, asked for, tried out, and what happens in an emergency. */
