/** Ready operations of the GraphiQL page. */
export declare const examples: readonly { readonly query: string; readonly variables: string }[];
