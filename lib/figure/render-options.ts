/** How a picture is drawn. */
export interface RenderOptions {
  /**
   * `paper` (the default): black on white. `inherit`: no background, and text in the colour of the page around, so that
   * one picture serves light, dark and print.
   */
  readonly ink?: 'paper' | 'inherit';
  /**
   * Whether Vega's expressions are interpreted (the default), as a page with a strict content policy needs, or compiled
   * to functions, which the kernel may do and which halves the time of large figures. The picture is the same.
   */
  readonly interpret?: boolean;
  /** told of everything that Vega and Vega-Lite warn of */
  readonly onWarning?: (message: string) => void;
}
